"""The plan of a year and the commendations of a year, as the province office keeps them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from accounts.models import AuditEvent
from communes.models import Area
from criteria.models import Commendation, Target

PAGE = 100
_HISTORY = 200


@dataclass(frozen=True)
class YearOfPlan:
    """How many measures the plan of a year has."""

    year: int
    measures: int


def plan_years(area: Area) -> list[YearOfPlan]:
    """Years with a plan, latest first."""
    rows = Target.objects.filter(area=area).order_by("-year").values_list("year").annotate(Count("pk"))
    return [YearOfPlan(year, measures) for year, measures in rows]


@dataclass(frozen=True)
class Measure:
    """A target with the units that it names and what it was before: each event with its former state."""

    target: Target
    named: list[Area]
    history: list[AuditEvent] = field(default_factory=list)


def plan_of(area: Area, year: int) -> list[Measure]:
    """The measures of a year in their order, each with its history: three statements."""
    rows = list(
        Target.objects.filter(area=area, year=year)
        .select_related("set_by")
        .prefetch_related("areas")
        .order_by("ordinal", "id")
    )
    told: dict[str, list[AuditEvent]] = defaultdict(list)
    ids = [str(row.pk) for row in rows]
    events = AuditEvent.objects.filter(subject_type=Target._meta.label_lower, subject_id__in=ids)
    for event in events.order_by("-id")[:_HISTORY]:
        told[event.subject_id].append(event)
    return [Measure(row, list(row.areas.all()), told[str(row.pk)]) for row in rows]


def known_measures(area: Area) -> list[dict[str, Any]]:
    """Measures that any year's plan had, with their latest name and unit: what the portal can count goes by them."""
    rows = Target.objects.filter(area=area).order_by("year", "ordinal").values("measure", "name", "unit", "is_minimum")
    return [dict(row) for row in {row["measure"]: row for row in rows}.values()]


@dataclass(frozen=True)
class YearOfMerit:
    year: int
    collectives: int
    individuals: int


def merit_years() -> list[YearOfMerit]:
    """How many collectives and persons were commended, by year, latest first."""
    kinds = Commendation.Recipient
    rows = Commendation.objects.values_list("year").annotate(
        collectives=Count("pk", filter=Q(recipient=kinds.COLLECTIVE)),
        individuals=Count("pk", filter=Q(recipient=kinds.INDIVIDUAL)),
    )
    return [YearOfMerit(*row) for row in rows.order_by("-year")]


@dataclass(frozen=True)
class Merits:
    """A page of the commendations of a year; `after` is the id that the next page starts behind."""

    rows: list[Commendation]
    after: int | None


def merits(year: int, after: int | None = None) -> Merits:
    """Commendations of a year in the order of their entering: one statement."""
    found = Commendation.objects.filter(year=year).order_by("pk")
    rows = list((found.filter(pk__gt=after) if after else found)[: PAGE + 1])
    return Merits(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)

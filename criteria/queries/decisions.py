"""Decisions as the province office reads them: the list, one with its units, and the words to choose from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.errors import OutOfScope
from communes.models import Area, Level
from communes.text import search_key
from criteria.models import CriteriaSet, Decision, Recognition
from criteria.queries.wording import tier_name

PAGE = 40
LEVELS = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
_UNDATED = dt.date(1, 1, 1)
_PEOPLE = ("recorded_by", "confirmed_by", "withdrawal_asked_by", "withdrawn_by")


class Place(NamedTuple):
    """A place in the list: newest decision first, then the id. Written in addresses as 2024-02-21.17."""

    day: dt.date
    pk: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that an address names; None for anything else."""
        day, _, pk = text.partition(".")
        try:
            return cls(dt.date.fromisoformat(day), int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Filter:
    """Which decisions are looked at; empty = all."""

    year: int | None = None
    tier: str = ""
    act: str = ""
    unit: str = ""


class Share(NamedTuple):
    """How many units one decision gave or took which tier."""

    tier: str
    act: str
    units: int

    @property
    def act_word(self) -> str:
        return Recognition.Act(self.act).label


@dataclass(frozen=True)
class Line:
    """A decision in the list."""

    decision: Decision
    shares: list[Share]


@dataclass(frozen=True)
class Listed:
    """A page of the list; `after` names the row that the next page starts behind."""

    lines: list[Line]
    after: str | None


def listed(chosen: Filter, after: Place | None = None) -> Listed:
    """Decisions, newest first, behind `after`: two statements."""
    found = _matching(chosen).annotate(day=Coalesce("issued_on", Value(_UNDATED), output_field=DateField()))
    if after:
        found = found.filter(Q(day__lt=after.day) | Q(day=after.day, pk__lt=after.pk))
    rows = list(found.order_by("-day", "-pk")[: PAGE + 1])
    shares = _shares(rows[:PAGE])
    lines = [Line(row, shares[row.pk]) for row in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Listed(lines, str(Place(last.issued_on or _UNDATED, last.pk)) if last else None)


def _matching(chosen: Filter) -> QuerySet[Decision]:
    acts = Recognition.objects.filter(decision=OuterRef("pk"))
    if chosen.tier:
        acts = acts.filter(tier=chosen.tier)
    if chosen.act:
        acts = acts.filter(act=chosen.act)
    if chosen.unit:
        named = Q(search_key__contains=search_key(chosen.unit)) | Q(code=chosen.unit)
        acts = acts.filter(area__in=Area.objects.filter(named))
    if chosen.year:
        acts = acts.filter(result_year=chosen.year)
    is_narrowed = chosen != Filter()
    return Decision.objects.filter(Exists(acts)) if is_narrowed else Decision.objects.all()


def _shares(rows: Sequence[Decision]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = defaultdict(list)
    counted = Recognition.objects.filter(decision__in=rows).values_list("decision_id", "tier", "act")
    for decision_id, tier, act, units in counted.annotate(units=Count("pk")).order_by("tier", "act"):
        found[decision_id].append(Share(tier, act, units))
    return found


@dataclass(frozen=True)
class Page:
    """One decision with what it says of which units."""

    decision: Decision
    recognitions: list[Recognition]


def page(pk: int) -> Page:
    """One decision; OutOfScope where there is none. Two statements."""
    decision = Decision.objects.select_related(*_PEOPLE).filter(pk=pk).first()
    if decision is None:
        raise OutOfScope
    rows = decision.recognitions.select_related("area", "revokes__decision").order_by("tier", "area__sort_key", "pk")
    return Page(decision, list(rows))


def tiers() -> list[tuple[str, str]]:
    """The tiers of the law with their names, in the order of the units they are for."""
    found = CriteriaSet.objects.filter(level__in=LEVELS).order_by("level", "effective_from", "tier")
    return [(code, tier_name(code)) for code in dict.fromkeys(found.values_list("tier", flat=True))]


def limbs(tier: str = "") -> list[tuple[str, str]]:
    """The limbs of revocation that the rulebooks list, each with its set's name: (text, set)."""
    sets = CriteriaSet.objects.filter(level__in=LEVELS, **({"tier": tier} if tier else {}))
    return [
        (" ".join(limb["text"].split()), found.name)
        for found in sets.order_by("level", "tier", "effective_from")
        for limb in found.revocation.get("any_of", ())
    ]

"""Decisions as they are read: who sees which, the list, one with its units, and the words to choose from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import Actor, granted_departments, has_permission
from communes.models import Area, Level, Placement
from communes.paging import DayPlace
from communes.text import search_key
from criteria.models import CriteriaSet, Decision, Recognition
from criteria.queries.scope import reach
from criteria.queries.wording import tier_name

PAGE = 40
LEVELS = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
_UNDATED = dt.date(1, 1, 1)
_PEOPLE = ("recorded_by", "confirmed_by", "withdrawal_asked_by", "withdrawn_by")


@dataclass(frozen=True)
class Filter:
    """Which decisions are looked at; empty = all."""

    year: int | None = None
    tier: str = ""
    act: str = ""
    unit: str = ""
    district: str = ""


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


def in_sight(user: Actor) -> QuerySet[Decision]:
    """Decisions that the person may read.

    Everybody: those compared with their paper, or loaded with their source, and not withdrawn. An officer of a place:
    what else was recorded of units there, withdrawn or not; the province office and departments: all.
    """
    if has_permission(user, Permission.RECORD_DECISIONS) or granted_departments(user, Permission.SEE_DRAFTS):
        return Decision.objects.all()
    stands = Q(withdrawn_at=None) & (Q(confirmed_at__isnull=False) | Q(recorded_by=None))
    places = reach(user, Permission.SEE_DRAFTS).places
    if not places:
        return Decision.objects.filter(stands)
    below = Q(pk__in=[])
    for path, start, stop in places:
        below |= Q(path__startswith=path) & _meets(start, stop)
    units = Placement.objects.filter(below).values("area_id")
    of_units = Recognition.objects.filter(decision=OuterRef("pk"), area__in=units)
    return Decision.objects.filter(stands | Exists(of_units))


def listed(user: Actor, chosen: Filter, after: DayPlace | None = None) -> Listed:
    """Decisions that the person may read, newest first, behind `after`: two statements."""
    found = _matching(in_sight(user), chosen).annotate(
        day=Coalesce("issued_on", Value(_UNDATED), output_field=DateField())
    )
    if after:
        found = found.filter(Q(day__lt=after.day) | Q(day=after.day, pk__lt=after.pk))
    rows = list(found.order_by("-day", "-pk")[: PAGE + 1])
    shares = _shares(rows[:PAGE])
    lines = [Line(row, shares[row.pk]) for row in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Listed(lines, str(DayPlace(last.issued_on or _UNDATED, last.pk)) if last else None)


def _meets(start: dt.date, stop: dt.date) -> Q:
    """Condition on placements: in force on a day between the two."""
    return (Q(valid_from=None) | Q(valid_from__lte=stop)) & (Q(valid_to=None) | Q(valid_to__gte=start))


def _matching(decisions: QuerySet[Decision], chosen: Filter) -> QuerySet[Decision]:
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
    if chosen.district:
        acts = acts.filter(area__in=Placement.objects.filter(path__contains=f"/{chosen.district}/").values("area_id"))
    return decisions.filter(Exists(acts)) if chosen != Filter() else decisions


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


def page(user: Actor, pk: int) -> Page:
    """One decision; OutOfScope where the person may read none such. Two statements."""
    decision = in_sight(user).select_related(*_PEOPLE).filter(pk=pk).first()
    if decision is None:
        raise OutOfScope
    rows = decision.recognitions.select_related("area", "revokes__decision").order_by("tier", "area__sort_key", "pk")
    return Page(decision, list(rows))


def years(user: Actor) -> list[int]:
    """The years whose results the decisions are about, the latest first."""
    found = Recognition.objects.filter(decision__in=in_sight(user)).order_by("-result_year")
    return [year for year in found.values_list("result_year", flat=True).distinct() if year]


def districts() -> list[tuple[str, str]]:
    """Code and name of every district that stood in the province, each once."""
    found = Area.objects.filter(level=Level.DISTRICT).order_by("sort_key", "pk").values_list("code", "name")
    return list(dict(found).items())


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

"""The plan of a year and how far it is, each measure counted from the records."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from communes.models import Area, Kind, Level
from criteria.models import Target
from ocop.models import Rating
from reports.queries.standpoint import Standpoint
from reports.queries.summary import summary
from reports.queries.units import Holdings, holdings, is_rural, placed

_RECOGNISES = ("ntm", "completed")
_FOUR_STARS = 4


@dataclass(frozen=True)
class Done:
    """How far a measure is. `of` is the denominator of a share; `illustrative` where generated rows take part."""

    value: float
    illustrative: bool = False
    counted: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Promise:
    """A target with its progress; `done` is None for a measure that the portal cannot count."""

    target: Target
    named: list[Area]
    done: Done | None

    @property
    def length(self) -> float:
        """Progress in per cent of the promise, 100 at most."""
        if self.done is None or not self.target.value:
            return 0.0
        return min(100.0, self.done.value / float(self.target.value) * 100)

    @property
    def is_kept(self) -> bool:
        return self.done is not None and self.done.value >= float(self.target.value)

    @property
    def short_by(self) -> float:
        return max(0.0, float(self.target.value) - self.done.value) if self.done else 0.0


@dataclass(frozen=True)
class Plan:
    """`pace` is how much of the year had gone by on the date looked from, in per cent; 100 once it is over."""

    year: int
    promises: list[Promise]
    pace: float
    looked_from: dt.date

    @property
    def kept(self) -> int:
        return sum(promise.is_kept for promise in self.promises)

    @property
    def year_is_over(self) -> bool:
        return self.pace >= 100


@dataclass(frozen=True)
class _Facts:
    """What progress is counted from: read once."""

    year: int
    as_of: dt.date | None
    summary: dict[str, Any]
    held: Holdings
    communes: list[Area]
    districts: list[Area]

    def illustrative(self, key: str) -> bool:
        return bool(self.summary["illustrative"].get(key))

    def holders(self, areas: list[Area], *tiers: str) -> Done:
        """How many of the units hold any of the tiers."""
        rows = [held[tier] for area in areas for tier in tiers if tier in (held := self.held.of(area.pk))]
        holding = {row.area_id for row in rows}
        return Done(len(holding), any(row.is_illustrative for row in rows), len(holding), len(areas))


def plan(standpoint: Standpoint, held: Holdings) -> Plan | None:
    """The plan of the year that follows the official one (the page's own year before any is closed).

    `held` are the tiers held by the results up to the page's own year: read again only for another year.
    """
    year = standpoint.official.year + 1 if standpoint.official else standpoint.year
    targets = list(Target.objects.filter(year=year, area=standpoint.province).prefetch_related("areas"))
    if not targets:
        return None
    facts = _facts(standpoint, year, held)
    looked_from = standpoint.as_of or standpoint.today
    promises = [Promise(t, list(t.areas.all()), _done(t, facts)) for t in targets]
    return Plan(year, promises, _pace(year, looked_from), looked_from)


def _facts(standpoint: Standpoint, year: int, held: Holdings) -> _Facts:
    on = dt.date(year, 12, 31)
    return _Facts(
        year=year,
        as_of=standpoint.as_of,
        summary=summary(year=year, as_of=standpoint.as_of),
        held=held if year == standpoint.year else holdings(year=year, as_of=standpoint.as_of),
        communes=[unit.area for unit in placed(standpoint.province, on)],
        districts=[unit.area for unit in placed(standpoint.province, on, Level.DISTRICT)],
    )


def _pace(year: int, looked_from: dt.date) -> float:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    gone = (min(max(looked_from, first), last) - first).days + 1
    return gone / ((last - first).days + 1) * 100


def _done(target: Target, facts: _Facts) -> Done | None:
    measure = _MEASURES.get(target.measure)
    named = list(target.areas.all())
    if measure is None and named:
        return facts.holders(named, "ntm")
    return measure(facts, named) if measure else None


def _share(done: Done, of: int | None = None) -> Done:
    base = of or done.of or 0
    return Done(done.value / base * 100 if base else 0, done.illustrative, int(done.value), base)


def _ntm_share(facts: _Facts, named: list[Area]) -> Done:
    communes = [area for area in facts.communes if is_rural(area)]
    return _share(facts.holders(communes, "ntm"), facts.summary["in_force"]["stated"])


def _urban_share(facts: _Facts, named: list[Area]) -> Done:
    urban = [area for area in facts.communes if area.kind in (Kind.WARD, Kind.TOWNSHIP)]
    return _share(facts.holders(urban, "urban-civilised"))


def _new_communes(tier: str) -> Callable[[_Facts, list[Area]], Done]:
    def count(facts: _Facts, named: list[Area]) -> Done:
        return Done(facts.summary["communes_recognised"][tier], facts.illustrative("communes_recognised"))

    return count


def _four_stars(facts: _Facts, named: list[Area]) -> Done:
    rows = Rating.objects.filter(status=Rating.Status.RECOGNISED, stars__gte=_FOUR_STARS, year=facts.year)
    if facts.as_of:
        rows = rows.filter(decided_on__lte=facts.as_of)
    found = dict(rows.values_list("product_id", "is_illustrative"))
    return Done(len(found), any(found.values()))


_MEASURES: dict[str, Callable[[_Facts, list[Area]], Done]] = {
    "ntm_share": _ntm_share,
    "ntm_advanced_new": _new_communes("advanced"),
    "ntm_model_new": _new_communes("model"),
    "district_ntm_share": lambda facts, named: _share(facts.holders(facts.districts, *_RECOGNISES)),
    "district_advanced": lambda facts, named: facts.holders(named or facts.districts, "advanced"),
    "civilised_urban": _urban_share,
    "ocop_new": lambda facts, named: Done(facts.summary["ocop"]["rated_in_year"], facts.illustrative("ocop")),
    "ocop_4star_plus": _four_stars,
}

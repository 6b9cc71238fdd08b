"""The plan of a year and how far it is, each measure counted from the records."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from communes.models import Area, Kind
from criteria.models import StatedDenominator, Target
from reports.queries.dashboard import choices
from reports.queries.holdings import Holdings, Ledger
from reports.queries.ocop_years import OcopYear
from reports.queries.standpoint import Standpoint
from reports.queries.summary import Figures, commune_grants, stated_on
from reports.queries.units import Territory, is_rural

_RECOGNISES = ("ntm", "completed")


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
    def share(self) -> float | None:
        """Progress in per cent of the promise, as it is; None where nothing is counted."""
        if self.done is None or not self.target.value:
            return None
        return self.done.value / float(self.target.value) * 100

    @property
    def opens(self) -> tuple[str, str] | None:
        """The page that lists what is counted, and what narrows it; None where a measure counts no list."""
        found = choices()["lists"].get(self.target.measure)
        return (found["page"], found["query"].format(year=self.target.year)) if found else None

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
class Facts:
    """What progress is counted from, read once for whatever else the page shows."""

    year: int
    granted: Figures
    ocop: OcopYear
    held: Holdings
    communes: list[Area]
    districts: list[Area]
    stated: int | None

    def holders(self, areas: list[Area], *tiers: str) -> Done:
        """How many of the units hold any of the tiers."""
        rows = [held[tier] for area in areas for tier in tiers if tier in (held := self.held.of(area.pk))]
        holding = {row.area_id for row in rows}
        return Done(len(holding), any(row.is_illustrative for row in rows), len(holding), len(areas))


def planned_year(standpoint: Standpoint) -> int:
    """The year that follows the official one (the page's own year before any is closed)."""
    return standpoint.official.year + 1 if standpoint.official else standpoint.year


def targets_from(year: int, area: Area | None) -> list[Target]:
    """What the plans of the year and of later ones promise, with the units that they name: two statements."""
    return list(Target.objects.filter(year__gte=year, area=area).prefetch_related("areas"))


def plan(standpoint: Standpoint, targets: list[Target], facts: Facts) -> Plan | None:
    """The plan of the year of `facts` with its progress; None where no plan is recorded. No statement."""
    of_year = [target for target in targets if target.year == facts.year]
    if not of_year:
        return None
    looked_from = standpoint.as_of or standpoint.today
    promises = [Promise(target, list(target.areas.all()), _done(target, facts)) for target in of_year]
    return Plan(facts.year, promises, _pace(facts.year, looked_from), looked_from)


def facts_of(
    year: int,
    *,
    known: Ledger,
    ocop: OcopYear | None,
    territory: Territory,
    denominators: list[StatedDenominator],
    within: set[int] | None = None,
) -> Facts:
    """The facts of a year out of what was read; of a part of the province's units, if given. No statement."""
    return Facts(
        year=year,
        granted=commune_grants(known, year, within),
        ocop=ocop or OcopYear(),
        held=known.up_to(year),
        communes=[unit.area for unit in territory.communes],
        districts=territory.district_areas,
        stated=stated_on(denominators, dt.date(year, 12, 31)),
    )


def _pace(year: int, looked_from: dt.date) -> float:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    gone = (min(max(looked_from, first), last) - first).days + 1
    return gone / ((last - first).days + 1) * 100


def _done(target: Target, facts: Facts) -> Done | None:
    measure = _MEASURES.get(target.measure)
    named = list(target.areas.all())
    if measure is None and named:
        return facts.holders(named, "ntm")
    return measure(facts, named) if measure else None


def _share(done: Done, of: int | None = None) -> Done:
    base = of or done.of or 0
    return Done(done.value / base * 100 if base else 0, done.illustrative, int(done.value), base)


def _ntm_share(facts: Facts, named: list[Area]) -> Done:
    communes = [area for area in facts.communes if is_rural(area)]
    return _share(facts.holders(communes, "ntm"), facts.stated)


def _urban_share(facts: Facts, named: list[Area]) -> Done:
    urban = [area for area in facts.communes if area.kind in (Kind.WARD, Kind.TOWNSHIP)]
    return _share(facts.holders(urban, "urban-civilised"))


def _new_communes(tier: str) -> Callable[[Facts, list[Area]], Done]:
    return lambda facts, named: Done(facts.granted.numbers[tier], facts.granted.illustrative)


_MEASURES: dict[str, Callable[[Facts, list[Area]], Done]] = {
    "ntm_share": _ntm_share,
    "ntm_advanced_new": _new_communes("advanced"),
    "ntm_model_new": _new_communes("model"),
    "district_ntm_share": lambda facts, named: _share(facts.holders(facts.districts, *_RECOGNISES)),
    "district_advanced": lambda facts, named: facts.holders(named or facts.districts, "advanced"),
    "civilised_urban": _urban_share,
    "ocop_new": lambda facts, named: Done(facts.ocop.rated, facts.ocop.illustrative > 0),
    "ocop_4star_plus": lambda facts, named: Done(facts.ocop.four_star_plus, facts.ocop.illustrative > 0),
}

"""The plan of a year as the office follows it: progress, the pace that is needed, and where the pace so far leads."""

import datetime as dt
from dataclasses import dataclass, replace

from communes.models import Area, Level
from criteria.models import Recognition, Target, Verdict
from reports.queries.dashboard import choices, tiers_of
from reports.queries.holdings import Ledger, ledger
from reports.queries.ocop_years import OcopYear, ocop_years
from reports.queries.plan import Facts, Plan, Promise, facts_of, plan, planned_year
from reports.queries.results import Result, results
from reports.queries.standpoint import Standpoint
from reports.queries.summary import stated_denominators
from reports.queries.units import Territory, is_rural, territory_on

_MONTHS = 12
_FEWEST_DAYS = 30  # before that a year's pace says nothing


@dataclass(frozen=True)
class Pursuit:
    """A promise with its pace. `forecast` is the value at the end of the year if the pace so far holds."""

    promise: Promise
    months_gone: float
    forecast: float | None

    @property
    def target(self) -> Target:
        return self.promise.target

    @property
    def needed(self) -> float | None:
        """How much a month is needed until the end of the year; None where it is kept, over or not counted."""
        left = _MONTHS - self.months_gone
        if self.promise.done is None or self.promise.is_kept or left <= 0:
            return None
        return self.promise.short_by / left

    @property
    def so_far(self) -> float | None:
        """What came a month since the first of January; shares of units held say nothing of a pace."""
        if self.forecast is None or self.promise.done is None:
            return None
        return self.promise.done.value / self.months_gone

    @property
    def standing(self) -> str:
        """kept, over (the year ended short), on (the pace suffices), late, or unknown."""
        if self.promise.done is None:
            return "unknown"
        if self.promise.is_kept:
            return "kept"
        if self.months_gone >= _MONTHS:
            return "over"
        if self.forecast is None:
            return "unknown"
        return "on" if self.forecast >= float(self.target.value) else "late"


@dataclass(frozen=True)
class Kept:
    """A promise to keep what is held: how many hold it, and how many of them fail it by approved values now."""

    promise: Promise
    holders: int
    failing: int
    open: int
    base: int

    @property
    def at_risk(self) -> float:
        """The share if those that fail now were to lose it, in per cent."""
        return max(0, self.holders - self.failing) / self.base * 100 if self.base else 0.0


@dataclass(frozen=True)
class NamedUnit:
    """A unit that a target names: whether it holds the tier, and its result by criteria."""

    target: Target
    area: Area
    recognition: Recognition | None
    result: Result | None


@dataclass(frozen=True)
class UnitPlan:
    """What the plan of one unit promises."""

    area: Area
    pursuits: list[Pursuit]


@dataclass(frozen=True)
class Targets:
    standpoint: Standpoint
    year: int
    years: list[int]
    plan: Plan | None
    pursuits: list[Pursuit]
    kept: list[Kept]
    named: list[NamedUnit]
    units: list[UnitPlan]
    months_gone: float


def targets(standpoint: Standpoint, year: int | None = None) -> Targets:
    """The plan of the year (the one that follows the official period by default). A constant number of statements."""
    known = ledger(standpoint.province, standpoint.as_of)
    rows = _every_target(standpoint)
    year = year or planned_year(standpoint)
    of_year = [row for row in rows if row.year == year]
    on = dt.date(year, 12, 31)
    territory = territory_on(standpoint.province, on)[on]
    source = _Source(known, ocop_years([year], standpoint.as_of)[year], territory, year)
    own = [row for row in of_year if row.area.level == Level.PROVINCE]
    found = plan(standpoint, own, source.province())
    gone = (found.pace if found else 0.0) / 100 * _MONTHS
    pursuits = [_pursuit(promise, gone) for promise in found.promises] if found else []
    now = results([p for p in standpoint.periods if p.year == year and p.kind == "year"] or standpoint.shown[:1])
    kept_measures = choices()["maintained"]
    return Targets(
        standpoint=standpoint,
        year=year,
        years=sorted({row.year for row in rows}),
        plan=found,
        pursuits=[row for row in pursuits if row.target.measure not in kept_measures],
        kept=[_kept(row.promise, source, now) for row in pursuits if row.target.measure in kept_measures],
        named=_named(found, source, now),
        units=_unit_plans(standpoint, of_year, source, gone),
        months_gone=gone,
    )


def _every_target(standpoint: Standpoint) -> list[Target]:
    """Targets of the province and of its units: two statements."""
    if standpoint.province is None:
        return []
    inside = Target.objects.filter(area__placements__path__startswith=f"/{standpoint.province.code}/")
    return list(inside.distinct().select_related("area").prefetch_related("areas"))


@dataclass(frozen=True)
class _Source:
    known: Ledger
    ocop: OcopYear
    territory: Territory
    year: int

    def province(self) -> Facts:
        return facts_of(
            self.year,
            known=self.known,
            ocop=self.ocop,
            territory=self.territory,
            denominators=stated_denominators(),
        )

    def unit(self, area: Area) -> Facts:
        """The facts of one district: its communes and itself; OCOP is not counted by district."""
        inside = [u for u in self.territory.communes if u.district and u.district.pk == area.pk]
        itself = [u for u in self.territory.districts if u.area.pk == area.pk]
        narrowed = Territory([*inside, *(u for u in self.territory.communes if u.area.pk == area.pk)], itself)
        return facts_of(
            self.year,
            known=self.known,
            ocop=None,
            territory=narrowed,
            denominators=[],
            within={u.area.pk for u in narrowed.communes},
        )


def _pursuit(promise: Promise, gone: float) -> Pursuit:
    """The pace holds a forecast only for what adds up over the year, and not in its first month."""
    adds_up = promise.target.unit != "%"
    begun = gone >= _MONTHS * _FEWEST_DAYS / 365
    done = promise.done
    forecast = done.value / gone * _MONTHS if done is not None and adds_up and begun else None
    return Pursuit(promise, gone, forecast)


def _kept(promise: Promise, source: _Source, now: list[Result]) -> Kept:
    tier = tiers_of("commune")[0]
    held = source.known.up_to(source.year)
    holders = {u.area.pk for u in source.territory.communes if is_rural(u.area) and held.has(u.area.pk, tier)}
    of = [row for row in now if row.tier == tier and row.area_id in holders]
    done = promise.done
    return Kept(
        promise=promise,
        holders=len(holders),
        failing=sum(row.verdict == Verdict.NOT_MET for row in of),
        open=len(holders) - sum(row.verdict != Verdict.UNDETERMINED for row in of),
        base=done.of or 0 if done else 0,
    )


def _named(found: Plan | None, source: _Source, now: list[Result]) -> list[NamedUnit]:
    held = source.known.up_to(source.year)
    rows = []
    for promise in found.promises if found else []:
        tier = "advanced" if promise.target.measure == "district_advanced" else "ntm"
        by_unit = {row.area_id: row for row in now if row.tier == tier}
        for area in promise.named:
            rows.append(NamedUnit(promise.target, area, held.of(area.pk).get(tier), by_unit.get(area.pk)))
    return rows


def _unit_plans(standpoint: Standpoint, of_year: list[Target], source: _Source, gone: float) -> list[UnitPlan]:
    """Plans of single units, by name."""
    by_area: dict[int, list[Target]] = {}
    for target in of_year:
        if target.area.level != Level.PROVINCE:
            by_area.setdefault(target.area_id, []).append(target)
    plans = []
    for rows in by_area.values():
        area = rows[0].area
        found = plan(standpoint, rows, source.unit(area))
        promises = [_without_ocop(promise) for promise in found.promises] if found else []
        plans.append(UnitPlan(area, [_pursuit(promise, gone) for promise in promises]))
    return sorted(plans, key=lambda row: row.area.sort_key)


def _without_ocop(promise: Promise) -> Promise:
    return replace(promise, done=None) if promise.target.measure.startswith("ocop_") else promise

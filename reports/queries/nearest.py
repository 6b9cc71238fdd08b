"""Who is nearest to attain: how many indicators short, how far in all, and the cheapest next step."""

from dataclasses import dataclass

from communes.models import Area
from criteria.models import Indicator, Recognition, Verdict
from reports.queries.dashboard import tiers_of
from reports.queries.holdings import ledger
from reports.queries.money import money_by_gap
from reports.queries.results import Result, results
from reports.queries.shortfall import Shortfall, columns_of, shortfalls
from reports.queries.standpoint import Standpoint
from reports.queries.units import territory_on
from sponsorship.queries.gaps import Gap


@dataclass(frozen=True)
class Step:
    """A failing indicator, how far it is, and the money asked and pledged for it."""

    indicator: Indicator
    short: Shortfall
    money: Gap | None

    @property
    def cost(self) -> tuple[bool, int, float]:
        """Cheapest first: by the money still missing where it was asked for, else by the gap that is left."""
        asked = self.money is not None and self.money.asked is not None
        return not asked, self.money.missing if asked and self.money else 0, self.short.gap


@dataclass(frozen=True)
class Candidate:
    """A unit that does not attain the tier yet."""

    area: Area
    district: Area | None
    recognition: Recognition | None
    result: Result
    steps: list[Step]
    open: int

    @property
    def short(self) -> int:
        return len(self.steps)

    @property
    def gap(self) -> float:
        """The failing indicators' distances added up, each in per cent of its threshold."""
        return sum(step.short.gap for step in self.steps)

    @property
    def next(self) -> Step | None:
        return min(self.steps, key=lambda step: step.cost, default=None)

    @property
    def pledged(self) -> int:
        """Đồng promised or received against its gaps."""
        return sum(step.money.promised + step.money.received for step in self.steps if step.money)

    @property
    def missing(self) -> int:
        """Đồng asked for and not yet found."""
        return sum(step.money.missing for step in self.steps if step.money)

    @property
    def rank(self) -> tuple[int, float, str]:
        return self.short + self.open, self.gap, self.area.sort_key


@dataclass(frozen=True)
class Nearest:
    standpoint: Standpoint
    tier: str
    rows: list[Candidate]
    attained: int
    units: int
    is_illustrative: bool

    @property
    def has_money(self) -> bool:
        return any(row.pledged or row.missing for row in self.rows)


def nearest(standpoint: Standpoint, *, tier: str = "", district: str = "") -> Nearest:
    """Units short of the tier, the nearest first; the number of statements does not grow with the units."""
    tiers = tiers_of("commune")
    tier = tier if tier in tiers else tiers[0]
    found = results(
        [standpoint.period] if standpoint.period else [],
        round__criteria_set__level="commune",
        round__criteria_set__tier=tier,
    )
    by_unit = {row.area_id: row for row in found}
    columns = columns_of(row.criteria_set_id for row in found)
    by_id = {row.pk: row for row in columns}
    lacking = shortfalls(standpoint.period, columns)
    money = money_by_gap()
    held = ledger(standpoint.province, standpoint.as_of).up_to(standpoint.year)
    territory = territory_on(standpoint.province, standpoint.territory_on)[standpoint.territory_on]
    rows = []
    for unit in territory.communes:
        result = by_unit.get(unit.area.pk)
        if result is None or result.verdict == Verdict.MET or not _inside(unit.district, district):
            continue
        short = lacking.get(unit.area.pk, {}).values()
        steps = [
            Step(by_id[each.indicator_id], each, money.get((unit.area.pk, each.indicator_id)))
            for each in short
            if each.verdict == Verdict.NOT_MET
        ]
        undetermined = sum(each.verdict == Verdict.UNDETERMINED for each in short)
        rows.append(Candidate(unit.area, unit.district, held.highest(unit.area.pk), result, steps, undetermined))
    return Nearest(
        standpoint=standpoint,
        tier=tier,
        rows=sorted(rows, key=lambda row: row.rank),
        attained=sum(row.verdict == Verdict.MET for row in found),
        units=len(found),
        is_illustrative=any(row.is_illustrative for row in found),
    )


def _inside(district: Area | None, code: str) -> bool:
    return not code or (district is not None and district.code == code)

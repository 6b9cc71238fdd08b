"""Bottlenecks across the province: how many fail each indicator, how far they are, where, and since when."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from criteria.models import Indicator, Verdict
from reports.queries.dashboard import tiers_of
from reports.queries.money import money_by_gap
from reports.queries.results import Result, results
from reports.queries.shortfall import Shortfall, columns_of, shortfalls
from reports.queries.standpoint import Standpoint
from reports.queries.units import territory_on

_NAMED = 3


@dataclass(frozen=True)
class Stuck:
    """An indicator that units fail. `before` is how many failed it in the year before; None without that year."""

    indicator: Indicator
    failing: int
    open: int
    units: int
    before: int | None
    gap: float
    districts: list[tuple[str, int]]
    asked: int
    missing: int

    @property
    def share(self) -> float:
        return self.failing / self.units * 100 if self.units else 0.0

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.failing - self.before


@dataclass(frozen=True)
class StuckPage:
    standpoint: Standpoint
    tier: str
    rows: list[Stuck]
    units: int
    is_illustrative: bool


def stuck(standpoint: Standpoint, *, tier: str = "") -> StuckPage:
    """The indicators of the tier's set that are failed or open, the most often failed first. Constant statements."""
    tiers = tiers_of("commune")
    tier = tier if tier in tiers else tiers[0]
    earlier = [period for period in standpoint.yearly if period.pk != standpoint.period_id][-1:]
    found = results(
        [*earlier, *([standpoint.period] if standpoint.period else [])],
        round__criteria_set__level="commune",
        round__criteria_set__tier=tier,
    )
    now = [row for row in found if row.period_id == standpoint.period_id]
    columns = columns_of(row.criteria_set_id for row in now)
    lacking = shortfalls(standpoint.period, columns)
    past = _failed_before([row for row in found if row.period_id != standpoint.period_id], columns)
    money = money_by_gap()
    names = _district_names(standpoint)
    inside = {row.area_id for row in now}
    by_indicator: dict[int, list[tuple[int, Shortfall]]] = defaultdict(list)
    for area_id, short in lacking.items():
        for each in short.values():
            if area_id in inside:
                by_indicator[each.indicator_id].append((area_id, each))
    rows = []
    for column in columns:
        of = by_indicator[column.pk]
        failing = [(area_id, each) for area_id, each in of if each.verdict == Verdict.NOT_MET]
        sums = [gap for area_id, _ in failing if (gap := money.get((area_id, column.pk)))]
        rows.append(
            Stuck(
                indicator=column,
                failing=len(failing),
                open=sum(each.verdict == Verdict.UNDETERMINED for _, each in of),
                units=len(now),
                before=None if past is None else past[column.slot],
                gap=median(each.gap for _, each in failing) if failing else 0.0,
                districts=Counter(names.get(area_id, "") for area_id, _ in failing).most_common(_NAMED),
                asked=sum(gap.asked or 0 for gap in sums),
                missing=sum(gap.missing for gap in sums),
            )
        )
    shown = [row for row in rows if row.failing or row.open]
    ordered = sorted(shown, key=lambda row: (-row.failing, -row.open, row.indicator.slot))
    return StuckPage(standpoint, tier, ordered, len(now), any(row.is_illustrative for row in now))


def _failed_before(found: list[Result], columns: list[Indicator]) -> Counter[int] | None:
    """Slot → how many failed it in the period before; None where that period did not use the same set."""
    sets = {column.criterion.criteria_set_id for column in columns}
    same = [row for row in found if row.criteria_set_id in sets]
    return Counter(slot for row in same for slot in row.failing_slots) if same else None


def _district_names(standpoint: Standpoint) -> dict[int, str]:
    territory = territory_on(standpoint.province, standpoint.territory_on)[standpoint.territory_on]
    return {unit.area.pk: unit.district.short_name for unit in territory.communes if unit.district}

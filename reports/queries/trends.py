"""Every measure over the years, for the province and by district side by side on one scale."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from communes.models import Area
from criteria.models import Period
from reports.queries.changed import Changes, changes
from reports.queries.charts import SMALL, Line, Number, line
from reports.queries.dashboard import choices, tiers_of
from reports.queries.holdings import ledger
from reports.queries.ocop_years import ocop_years
from reports.queries.recognised import RecognisedYears, Values, recognised_years
from reports.queries.results import Counts, results, roll_ups
from reports.queries.standpoint import Standpoint
from reports.queries.units import territory_on
from sponsorship.queries.totals import by_year

_DONG_A_BILLION = 10**9


@dataclass(frozen=True)
class Series:
    """A measure over the years. `open` names the years whose period is still open: told, but not drawn as a course."""

    code: str
    name: str
    unit: str
    values: Values
    open: frozenset[str]
    is_illustrative: bool = False

    @property
    def chart(self) -> Line | None:
        return line(self.whole) if len(self.whole) > 1 else None

    @property
    def whole(self) -> Values:
        return _whole(self.values, self.open)


@dataclass(frozen=True)
class Multiple:
    """One district's line, on the scale that all share."""

    area: Area
    values: Values
    chart: Line | None


@dataclass(frozen=True)
class Trends:
    standpoint: Standpoint
    series: list[Series]
    chosen: Series
    choices: list[Series]
    multiples: list[Multiple]
    changes: Changes | None

    @property
    def years(self) -> list[str]:
        return list(dict.fromkeys(year for row in self.multiples for year, _ in row.values))


@dataclass(frozen=True)
class _Years:
    """What is read once: results of periods, territory and recognitions of years."""

    standpoint: Standpoint
    counted: dict[tuple[int, int], Counts]
    recognised: RecognisedYears

    def by_period(self, area_id: int, of: Callable[[Counts], float | None]) -> Values:
        found = ((p, self.counted.get((p.pk, area_id))) for p in self.standpoint.yearly)
        values = ((str(p.year), of(counts)) for p, counts in found if counts and counts.is_begun)
        return [(year, value) for year, value in values if value is not None]


def trends(standpoint: Standpoint, *, measure: str = "") -> Trends:
    """All measures, the chosen one by district, and what changed: a constant number of statements."""
    on = standpoint.territory_on
    years = range(choices()["recognised_since"], standpoint.year + 1)
    days = [*(dt.date(year, 12, 31) for year in years), on]
    territory = territory_on(standpoint.province, *days)
    districts = territory[on].district_areas
    ids = [area.pk for area in (standpoint.province, *districts) if area]
    known = ledger(standpoint.province, standpoint.as_of)
    read = _Years(
        standpoint=standpoint,
        counted=roll_ups(standpoint.yearly, tier=tiers_of("commune")[0], area_ids=ids),
        recognised=recognised_years(known, territory, years),
    )
    made_of = _measures(read)
    series = [
        Series(code, name, unit, values(standpoint.province), _open(standpoint), True)
        for code, (name, unit, values) in made_of.items()
        if standpoint.province
    ]
    drawable = [row for row in series if row.chart] or series or [_NOTHING]
    chosen = next((row for row in series if row.code == measure), drawable[0])
    drawn = [(area, made_of[chosen.code][2](area)) for area in districts] if chosen.code in made_of else []
    return Trends(
        standpoint=standpoint,
        series=sorted([*series, *_of_the_province(standpoint, years)], key=lambda row: row.chart is None),
        chosen=chosen,
        choices=series,
        multiples=_multiples(drawn, chosen.open),
        changes=changes(standpoint, territory[on]),
    )


_NOTHING = Series("", "", "", [], frozenset())


def _measures(read: _Years) -> dict[str, tuple[str, str, Callable[[Area | None], Values]]]:
    """Measures that each district has too: code → name, unit, values of the province or a district."""

    def period(of: Callable[[Counts], float | None]) -> Callable[[Area | None], Values]:
        return lambda area: read.by_period(area.pk, of) if area else []

    def result(tier: str) -> Callable[[Area | None], Values]:
        return lambda area: read.recognised.counts(tier, area.code if area and area.level == "district" else "")

    return {
        "binh-quan": ("Tiêu chí đạt bình quân một xã", "tiêu chí", period(lambda counts: counts.average)),
        "dat": ("Xã đạt theo tiêu chí", "%", period(lambda counts: counts.share)),
        "ntm": ("Xã được công nhận NTM", "xã", result("ntm")),
        "nang-cao": ("Xã được công nhận NTM nâng cao", "xã", result("advanced")),
        "kieu-mau": ("Xã được công nhận NTM kiểu mẫu", "xã", result("model")),
    }


def _of_the_province(standpoint: Standpoint, years: range) -> list[Series]:
    """Measures that only the province has: criteria of its own sets, OCOP, money."""
    opened = _open(standpoint)
    rows = results(standpoint.yearly, round__criteria_set__level="province")
    by_period = {period.pk: period for period in standpoint.yearly}
    ocop = ocop_years(list(years), standpoint.as_of)
    names = {"pilot": "Tiêu chí của Đề án tỉnh NTM đạt", "completed": "Điều kiện tỉnh hoàn thành nhiệm vụ đạt"}
    own = [
        Series(
            tier,
            name,
            "tiêu chí",
            _yearly((by_period[row.period_id], row.met) for row in rows if row.tier == tier and row.is_begun),
            opened,
            True,
        )
        for tier, name in names.items()
    ]
    return [
        *own,
        Series("ocop", "Sản phẩm OCOP, luỹ kế", "sản phẩm", _cut((str(y), ocop[y].cumulative) for y in years), opened),
        Series(
            "nguon-luc",
            "Huy động, đỡ đầu, tài trợ",
            "tỷ đồng",
            _cut((str(part.key), part.amount / _DONG_A_BILLION) for part in sorted(by_year(), key=lambda p: p.key)),
            opened,
        ),
    ]


def _yearly(found: Iterable[tuple[Period, Number]]) -> Values:
    return [(str(period.year), value) for period, value in sorted(found, key=lambda pair: pair[0].ends_on)]


def _cut(found: Iterable[tuple[str, Number]]) -> Values:
    """Without the years before the first that counts anything."""
    values = list(found)
    first = next((place for place, (_, value) in enumerate(values) if value), len(values))
    return values[first:]


def _whole(values: Values, opened: frozenset[str]) -> Values:
    return [(year, value) for year, value in values if year not in opened]


def _multiples(drawn: list[tuple[Area, Values]], opened: frozenset[str]) -> list[Multiple]:
    most = max((float(value) for _, values in drawn for _, value in values), default=1.0) or 1.0
    return [Multiple(area, values, line(_whole(values, opened), box=SMALL, scale=(0, most))) for area, values in drawn]


def _open(standpoint: Standpoint) -> frozenset[str]:
    return frozenset(str(p.year) for p in standpoint.periods if p.pk in standpoint.open_periods)

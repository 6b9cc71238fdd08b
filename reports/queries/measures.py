"""What the map can show of the xã: one measure at a time, in at most five steps, with the value of each in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from communes.templatetags.vietnamese import so, ty
from criteria.models import Indicator
from ocop.models import Product
from reports.queries.bottlenecks import recognised_but_failing
from reports.queries.communes import CommuneRow, Filters, commune_list
from reports.queries.dashboard import choices
from reports.queries.holdings import ledger
from reports.queries.map import Map, Painting, by_tier, painted
from reports.queries.results import results
from reports.queries.shortfall import Shortfall, columns_of, shortfalls
from reports.queries.standpoint import Standpoint
from reports.queries.units import Unit, is_rural, placed
from sponsorship.queries.years import closing_of, counted_in

MEASURES = {
    "bac": "Bậc được công nhận",
    "tieu-chi": "Số tiêu chí đạt",
    "chi-tieu": "Một chỉ tiêu",
    "ocop": "Sản phẩm OCOP",
    "do-dau": "Kinh phí đỡ đầu",
}
_NONE = "chưa có số liệu"
_VERDICT_WORDS = {0: "Chưa có số liệu", 1: "Đạt", 2: "Gần đạt", 3: "Chưa đạt", 4: "Còn xa"}


@dataclass(frozen=True)
class MapRow:
    """A xã of the table beside the map."""

    unit: Unit
    shape: int
    said: str


@dataclass(frozen=True)
class MapPage:
    """The map of one measure, and the same as a table. `map` is None on days without outlines."""

    standpoint: Standpoint
    measure: str
    painting: Painting
    map: Map | None
    rows: list[MapRow]
    indicators: list[Indicator]
    indicator: Indicator | None


def map_page(standpoint: Standpoint, query: Mapping[str, str]) -> MapPage:
    """The page as the address asks: `so` the measure, `chi-tieu` the indicator's code. Constant statements."""
    measure = query.get("so", "") if query.get("so", "") in MEASURES else "bac"
    units = [unit for unit in placed(standpoint.province, standpoint.units_on) if is_rural(unit.area)]
    indicators = _indicators(standpoint) if measure == "chi-tieu" else []
    chosen = next((each for each in indicators if each.code == query.get("chi-tieu")), None)
    chosen = chosen or (indicators[0] if indicators else None)
    painting = _paint(standpoint, units, measure, chosen)
    rows = [
        MapRow(unit, painting.shapes.get(unit.area.code, 0), painting.said.get(unit.area.code, _NONE)) for unit in units
    ]
    return MapPage(
        standpoint, measure, painting, painted(standpoint.units_on, units, painting), rows, indicators, chosen
    )


def _paint(standpoint: Standpoint, units: list[Unit], measure: str, chosen: Indicator | None) -> Painting:
    if measure == "chi-tieu":
        return _indicator(standpoint, units, chosen)
    ways: dict[str, Callable[[Standpoint, list[Unit]], Painting]] = {
        "bac": _tiers,
        "tieu-chi": _criteria,
        "ocop": _ocop,
        "do-dau": _money,
    }
    return ways[measure](standpoint, units)


def _tiers(standpoint: Standpoint, units: list[Unit]) -> Painting:
    held = ledger(standpoint.province, standpoint.as_of).up_to(standpoint.year)
    found = results(standpoint.shown[:1], round__criteria_set__level="commune")
    return by_tier(units, held, {row.area_id for row in recognised_but_failing(found, held)})


def _criteria(standpoint: Standpoint, units: list[Unit]) -> Painting:
    """Steps are the bands of dashboard.yaml: all criteria, one or two short, and so on."""
    bands = choices()["bands"]
    rows = [row for row in commune_list(standpoint, Filters(kind="xa")).rows if row.result is not None]
    words = {0: "Chưa có số liệu"} | {place: _band(band["short_by"]) for place, band in enumerate(bands, start=1)}
    shapes = {row.area.code: _step_of(row, bands) for row in rows}
    said = {row.area.code: f"{row.result.met}/{row.result.total}" for row in rows if row.result}
    generated = any(row.result and row.result.is_illustrative for row in rows)
    return Painting("số tiêu chí đạt", shapes, words, said, generated)


def _band(short_by: list[int]) -> str:
    least, most = short_by
    if not most:
        return "Đủ tiêu chí"
    return f"Thiếu {least}–{most} tiêu chí" if most < 99 else f"Thiếu từ {least} tiêu chí"


def _step_of(row: CommuneRow, bands: list[dict]) -> int:
    assert row.result is not None
    short = row.result.total - row.result.met
    return next(place for place, band in enumerate(bands, start=1) if short <= band["short_by"][1])


def _indicators(standpoint: Standpoint) -> list[Indicator]:
    """Indicators of the first tier's set of the period."""
    periods = [standpoint.period] if standpoint.period else []
    found = results(periods, round__criteria_set__level="commune", round__criteria_set__tier="ntm")
    return columns_of(row.criteria_set_id for row in found)


def _indicator(standpoint: Standpoint, units: list[Unit], chosen: Indicator | None) -> Painting:
    """1 met, 2–4 by how far it is from its threshold, 0 without an approved value."""
    if chosen is None:
        return Painting("một chỉ tiêu", {}, _VERDICT_WORDS)
    lacking, periods = shortfalls(standpoint.period, [chosen]), [standpoint.period] if standpoint.period else []
    folders = {row.area_id for row in results(periods, round__criteria_set=chosen.criterion.criteria_set_id)}
    found = {unit.area.code: lacking.get(unit.area.pk, {}).get(chosen.pk) for unit in units if unit.area.pk in folders}
    shapes = {code: _gap(each) for code, each in found.items()}
    said = {code: "đạt" if each is None else each.said or _NONE for code, each in found.items()}
    return Painting(f"chỉ tiêu {chosen.code}", shapes, _VERDICT_WORDS, said)


def _gap(found: Shortfall | None) -> int:
    if found is None:
        return 1
    return min(4, 1 + found.step) if found.sign.startswith("g") else 0


def _ocop(standpoint: Standpoint, units: list[Unit]) -> Painting:
    rows = Product.objects.filter(standing__isnull=False, area__in=[unit.area.pk for unit in units])
    numbers = dict(rows.order_by().values_list("area__code").annotate(Count("pk")))
    return _stepped("số sản phẩm OCOP", units, numbers, choices()["map_steps"]["ocop"], so)


def _money(standpoint: Standpoint, units: list[Unit]) -> Painting:
    rows = counted_in(standpoint.year, closing_of(standpoint.year)).filter(area__in=[unit.area.pk for unit in units])
    sums = dict(rows.order_by().values_list("area__code").annotate(Sum("amount")))
    title = f"kinh phí đỡ đầu năm {standpoint.year}, tỷ đồng"
    return _stepped(title, units, sums, choices()["map_steps"]["money"], ty)


def _stepped(
    title: str, units: list[Unit], numbers: dict[str, int], bounds: list[int], write: Callable[[int], str]
) -> Painting:
    """Steps by the bounds of dashboard.yaml; nothing is step 0."""
    shapes = {unit.area.code: sum(numbers.get(unit.area.code, 0) >= bound for bound in bounds) for unit in units}
    said = {unit.area.code: write(numbers.get(unit.area.code, 0)) for unit in units}
    return Painting(title, shapes, _ranges(bounds, write), said)


def _ranges(bounds: Iterable[int], write: Callable[[int], str]) -> dict[int, str]:
    found, every = {0: "Không có"}, list(bounds)
    for place, bound in enumerate(every, start=1):
        found[place] = f"Từ {write(bound)}" + (f" đến dưới {write(every[place])}" if place < len(every) else "")
    return found

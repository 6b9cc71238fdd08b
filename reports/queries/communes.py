"""The list of commune-level units that every number of the pages opens: filtered by district, tier and result."""

from collections.abc import Mapping
from dataclasses import dataclass

from communes.models import Area, Kind
from communes.text import search_key
from criteria.models import Criterion, Period, Reading, Recognition, State, Verdict
from criteria.queries.recognition import granted_in_year
from reports.queries.dashboard import tiers_of
from reports.queries.holdings import Holdings, ledger
from reports.queries.results import Result, codes_by_bit, named, results
from reports.queries.standpoint import Standpoint
from reports.queries.units import Unit, is_rural, territory_on

KINDS = {"xa": (Kind.COMMUNE,), "phuong": (Kind.WARD,), "thi-tran": (Kind.TOWNSHIP,), "tat-ca": tuple(Kind)}
KIND_WORDS = {"xa": "Xã", "phuong": "Phường", "thi-tran": "Thị trấn", "tat-ca": "Tất cả"}
TIER_WORDS = {
    "ntm": "Từ NTM trở lên",
    "advanced": "Từ nâng cao trở lên",
    "model": "Kiểu mẫu",
    "urban-civilised": "Đô thị văn minh",
    "chua": "Chưa được công nhận",
}
RESULTS = {"dat": Verdict.MET, "chua-dat": Verdict.NOT_MET, "chua-ket-luan": Verdict.UNDETERMINED}
RESULT_WORDS = {"dat": "Đạt", "chua-dat": "Chưa đạt", "chua-ket-luan": "Chưa kết luận"}


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Unknown words narrow to nothing rather than being ignored."""

    kind: str = "xa"
    district: str = ""
    tier: str = ""
    result: str = ""
    met: str = ""
    indicator: str = ""
    granted_in: str = ""
    alarm: bool = False
    text: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.district, self.tier, self.result, self.met, self.indicator, self.granted_in, self.text)) or (
            self.alarm or self.kind != "xa"
        )


def filters_from(query: Mapping[str, str]) -> Filters:
    """The filters of a query string: loai, huyen, bac, ket-qua, tc (17-18), chi-tieu, nam-cong-nhan, canh-bao, tim."""
    return Filters(
        kind=query.get("loai") or ("tat-ca" if query.get("bac") == "urban-civilised" else "xa"),
        district=query.get("huyen", ""),
        tier=query.get("bac", ""),
        result=query.get("ket-qua", ""),
        met=query.get("tc", ""),
        indicator=query.get("chi-tieu", ""),
        granted_in=query.get("nam-cong-nhan", ""),
        alarm=query.get("canh-bao") == "1",
        text=query.get("tim", "")[:60].strip(),
    )


@dataclass(frozen=True)
class CommuneRow:
    """A unit, the highest tier held by decision, and its result by criteria: two facts."""

    area: Area
    district: Area | None
    recognition: Recognition | None
    result: Result | None
    lacking: list[Criterion]

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.result.verdict) if self.result else Verdict.UNDETERMINED

    @property
    def alarm(self) -> bool:
        """Recognised by decision, though its approved values no longer meet the set."""
        return self.recognition is not None and self.verdict == Verdict.NOT_MET


@dataclass(frozen=True)
class CommuneList:
    """`period` is the one whose results are shown: the page's own."""

    standpoint: Standpoint
    filters: Filters
    period: Period | None
    rows: list[CommuneRow]
    districts: list[Area]
    units: int

    @property
    def is_illustrative(self) -> bool:
        return any(row.result and row.result.is_illustrative for row in self.rows)


def commune_list(standpoint: Standpoint, filters: Filters) -> CommuneList:
    """The filtered list, by name. A constant number of queries: every unit is read once and narrowed in memory."""
    territory = territory_on(standpoint.province, standpoint.units_on)[standpoint.units_on]
    rows = commune_rows(standpoint, territory.communes)
    wanted = _wanted(standpoint, filters)
    return CommuneList(
        standpoint=standpoint,
        filters=filters,
        period=standpoint.period,
        rows=[row for row in rows if _matches(row, filters) and (wanted is None or row.area.pk in wanted)],
        districts=territory.district_areas,
        units=len(territory.communes),
    )


def commune_rows(standpoint: Standpoint, units: list[Unit], held: Holdings | None = None) -> list[CommuneRow]:
    """One row a unit: xã by the first tier's set, wards and townships by theirs."""
    held = held or ledger(standpoint.province, standpoint.as_of).up_to(standpoint.year)
    found = results([standpoint.period] if standpoint.period else [], round__criteria_set__level="commune")
    basic = {row.area_id: row for row in found if row.tier in (tiers_of("commune")[0], *tiers_of("ward"))}
    criteria = codes_by_bit(row.criteria_set_id for row in basic.values())
    return [_row(unit, held, basic.get(unit.area.pk), criteria) for unit in units]


def _row(unit: Unit, held: Holdings, result: Result | None, criteria: dict[int, dict[int, Criterion]]) -> CommuneRow:
    lacking = named(result.failing_mask, criteria[result.criteria_set_id]) if result else []
    return CommuneRow(unit.area, unit.district, held.highest(unit.area.pk), result, lacking)


def _wanted(standpoint: Standpoint, filters: Filters) -> set[int] | None:
    """Units that the filters needing a query of their own leave; None = all."""
    wanted: set[int] | None = None
    if filters.indicator:
        wanted = _failing(standpoint, filters.indicator)
    if filters.granted_in:
        granted = _granted(standpoint, filters)
        wanted = granted if wanted is None else wanted & granted
    return wanted


def _failing(standpoint: Standpoint, code: str) -> set[int]:
    rows = Reading.objects.filter(
        assessment__round__period=standpoint.period,
        assessment__round__criteria_set__level="commune",
        assessment__round__criteria_set__tier=tiers_of("commune")[0],
        input__indicator__code=code,
        state=State.APPROVED,
        verdict=Verdict.NOT_MET,
    )
    return set(rows.values_list("assessment__area_id", flat=True))


def _granted(standpoint: Standpoint, filters: Filters) -> set[int]:
    if not filters.granted_in.isdecimal():
        return set()
    rows = granted_in_year(
        tier=filters.tier or tiers_of("commune")[0], year=int(filters.granted_in), decided_by=standpoint.as_of
    )
    return set(rows.values_list("area_id", flat=True))


def _matches(row: CommuneRow, filters: Filters) -> bool:
    return (
        row.area.kind in KINDS.get(filters.kind, ())
        and (not filters.district or (row.district is not None and row.district.code == filters.district))
        and (not filters.tier or bool(filters.granted_in) or _holds(row, filters.tier))
        and (not filters.result or (row.result is not None and RESULTS.get(filters.result) == row.verdict))
        and (not filters.met or met_within(row.result, filters.met))
        and (not filters.alarm or row.alarm)
        and (not filters.text or search_key(filters.text) in row.area.search_key)
    )


def _holds(row: CommuneRow, tier: str) -> bool:
    """Tiers nest: whoever holds a higher one is among the lower."""
    held = row.recognition.tier if row.recognition else ""
    if tier == "chua":
        return not held
    order = tiers_of("commune")
    if tier in order and held in order:
        return order.index(held) >= order.index(tier)
    return held == tier


def met_within(result: Result | None, text: str) -> bool:
    """Whether it meets as many criteria as the words say: 17, or 17-18."""
    fewest, _, most = text.partition("-")
    if result is None or not fewest.isdecimal() or not (most or fewest).isdecimal():
        return False
    return int(fewest) <= result.met <= int(most or fewest)


def rural(rows: list[CommuneRow]) -> list[CommuneRow]:
    """The xã among them."""
    return [row for row in rows if is_rural(row.area)]

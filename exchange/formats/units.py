"""Units of a date as GeoJSON features: what the list shows of each, its result by criteria, its tier by decision."""

from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request

from accounts.rendering import in_json
from communes.filters import date_asked
from communes.outlines import Map, map_on
from criteria.models import Verdict
from exchange.formats.geometry import Place
from exchange.formats.rows import Row, WholeList
from reports.queries.dashboard import tiers_of
from reports.queries.holdings import Holdings, ledger
from reports.queries.results import Result, results
from reports.queries.standpoint import Standpoint, find

_OUTLINE = "Đường bao đã giản lược (khoảng 150 m), chỉ để vẽ bản đồ."
_APPROXIMATE = "Đường bao gần đúng, ghép từ các đơn vị sau ngày 01/07/2025; chỉ để vẽ bản đồ."
_MARK = "Chỉ là điểm đánh dấu trong đường bao của đơn vị kế thừa; không phải vị trí trụ sở hay tâm đơn vị."
_NOTHING = "Chưa có đường bao của đơn vị này vào ngày đang xem."


def collection(wanted: WholeList, request: Request) -> Iterator[bytes]:
    """The text of the FeatureCollection, a chunk of units at a time."""
    on = date_asked(request)
    drawn, facts = map_on(on), Facts(find(as_of_text=request.query_params.get("as_of", "")))
    head = {"type": "FeatureCollection", "as_of": on.isoformat(), "period": facts.period}
    if drawn:
        head |= {"source": drawn.source, "licence": drawn.licence}
    yield in_json(head)[:-1] + b',"features":['
    place, comma = Drawn(drawn), b""
    for ids, shown in wanted.chunks():
        features = (_feature(pk, row, place, facts) for pk, row in zip(ids, shown, strict=True))
        yield comma + b",\n".join(in_json(feature) for feature in features)
        comma = b",\n"
    yield b"]}\n"


def _feature(pk: int, row: Row, place: "Drawn", facts: "Facts") -> dict[str, Any]:
    geometry, caption = place.of(row["code"])
    parent = row.get("parent") or {}
    properties = {name: value for name, value in row.items() if name != "parent"}
    properties |= {"parent_code": parent.get("code"), "parent_name": parent.get("name")}
    properties |= facts.of(pk) | {"geometry_note": caption}
    return {"type": "Feature", "id": row["code"], "geometry": geometry, "properties": properties}


class Drawn:
    """Where units lie on the map of the date, and how far that is true."""

    def __init__(self, drawn: Map | None) -> None:
        known = drawn if drawn and drawn.bounds else None
        self.place = Place(known) if known else None
        self.paths = {each.code: each.path for each in known.outlines} if known else {}
        self.marks = known.marks if known else {}

    def of(self, code: str) -> tuple[dict[str, Any] | None, str]:
        if self.place and code in self.paths:
            # A map with marks joins its outlines from later units.
            return self.place.outline(self.paths[code]), _APPROXIMATE if self.marks else _OUTLINE
        if self.place and code in self.marks:
            return self.place.mark(*self.marks[code]), _MARK
        return None, _NOTHING


class Facts:
    """Results of the standpoint's period and tiers held by its decisions, for every unit: three statements."""

    def __init__(self, standpoint: Standpoint) -> None:
        self.period = standpoint.period.code if standpoint.period else None
        self.is_official = standpoint.is_official
        found = results([standpoint.period] if standpoint.period else [])
        # Of several sets that a unit is measured by, the first tier's: the last one written stays.
        self.results: dict[int, Result] = {row.area_id: row for row in sorted(found, key=_height, reverse=True)}
        self.held: Holdings = ledger(standpoint.province, standpoint.as_of).up_to(standpoint.year)

    def of(self, area_id: int) -> dict[str, Any]:
        """Every property, empty where the unit has no result in the period."""
        result, recognition = self.results.get(area_id), self.held.highest(area_id)
        return {
            "period": self.period if result else None,
            "set": result.set_name if result else None,
            "criteria_met": result.met if result else None,
            "criteria_total": result.total if result else None,
            "verdict": Verdict(result.verdict).name.lower() if result else None,
            "is_official": self.is_official if result else None,
            "is_illustrative": result.is_illustrative if result else None,
            "recognised_tier": recognition.tier if recognition else None,
            "recognised_for": recognition.result_year if recognition else None,
        }


def _height(result: Result) -> int:
    tiers = tiers_of(result.level) if result.level in ("commune", "district") else []
    return tiers.index(result.tier) if result.tier in tiers else 0

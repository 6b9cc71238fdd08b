"""The codes that stand in the API, as flat lists: units with what they came from and became, the law, the words."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from accounts.models import Department
from communes.models import Area, AreaChange, Confidence, Kind, Level, Placement
from communes.templatetags.vietnamese import TIERS
from communes.text import search_key
from criteria.models import CriteriaSet, Indicator, Period, Recognition, State, Verdict
from ocop.models import Product, Rating
from sponsorship.models import Channel, Contribution, Sponsor

Row = dict[str, Any]


@dataclass(frozen=True)
class CodeList:
    """A list: what it is, its columns with their headings, and how its rows are read."""

    name: str
    title: str
    about: str
    columns: dict[str, str]
    read: Callable[[], list[Row]]

    def rows(self, text: str = "") -> list[Row]:
        """The rows, or those in which every word of `text` stands, whatever its marks."""
        found, words = self.read(), search_key(text).split()
        return [row for row in found if not words or _holds(row, words)]


def _holds(row: Row, words: list[str]) -> bool:
    said = search_key(" ".join(str(value) for value in row.values()))
    return all(word in said for word in words)


def _units() -> list[Row]:
    """Every unit that ever was, under each of its lives: a code may be used again."""
    came, became, changes = _succession()
    parents = dict(
        Placement.objects.filter(parent__isnull=False)
        .order_by(F("valid_from").asc(nulls_first=True))  # the last parent stays
        .values_list("area_id", "parent__code")
    )
    rows = Area.objects.exclude(level=Level.VILLAGE).order_by("level", "sort_key", "id")
    columns = rows.values_list("pk", "code", "name", "kind", "level", "valid_from", "valid_to")
    return [
        {
            "code": code,
            "name": name,
            "kind": kind,
            "level": level,
            "valid_from": start,
            "valid_to": end,
            "parent": parents.get(pk, ""),
            "predecessors": came.get(pk, []),
            "successors": became.get(pk, []),
            "change": changes.get(pk, ""),
        }
        for pk, code, name, kind, level, start, end in columns
    ]


def _succession() -> tuple[dict[int, list[str]], dict[int, list[str]], dict[int, str]]:
    came, became, changes = defaultdict(list), defaultdict(list), {}
    rows = AreaChange.objects.exclude(new=F("old")).order_by("effective_on", "id")
    for old_id, old, new_id, new, change in rows.values_list("old_id", "old__code", "new_id", "new__code", "change"):
        changes[old_id] = change
        if new_id:
            came[new_id].append(old)
            became[old_id].append(new)
    return came, became, changes


def _sets() -> list[Row]:
    fields = ("slug", "version", "level", "tier", "name", "legal_basis", "effective_from", "effective_to")
    return _plain(CriteriaSet.objects.order_by("effective_from", "slug", "version").values(*fields))


def _indicators() -> list[Row]:
    names = {
        "set": F("criterion__criteria_set__slug"),
        "set_version": F("criterion__criteria_set__version"),
        "criterion_code": F("criterion__code"),
        "criterion_name": F("criterion__name"),
    }
    rows = Indicator.objects.order_by("criterion__criteria_set__slug", "criterion__criteria_set__version", "slot")
    return _plain(rows.values(**names, indicator=F("code"), indicator_name=F("name")))


def _periods() -> list[Row]:
    return _plain(Period.objects.order_by("starts_on", "code").values("code", "kind", "year", "starts_on", "ends_on"))


def _departments() -> list[Row]:
    return _plain(
        Department.objects.order_by("code").values("code", "name", "valid_from", "valid_to", "is_illustrative")
    )


_ENUMS: dict[str, Any] = {
    "area.kind": Kind.choices,
    "area.level": Level.choices,
    "area.change": AreaChange.Change.choices,
    "confidence": Confidence.choices,
    "tier": [(code, words) for code, (_, words) in TIERS.items()],
    "reading.state": [(word.name.lower(), word.label) for word in State],
    "verdict": [(word.name.lower(), word.label) for word in Verdict],
    "recognition.act": Recognition.Act.choices,
    "period.kind": Period.Kind.choices,
    "ocop.group": Product.Group.choices,
    "ocop.status": Rating.Status.choices,
    "sponsor.kind": Sponsor.Kind.choices,
    "contribution.channel": Channel.choices,
    "contribution.kind": Contribution.Kind.choices,
}


def _plain(rows: Any) -> list[Row]:
    return list(rows)


def _enums() -> list[Row]:
    return [
        {"list": name, "code": code, "name": str(words)} for name, choices in _ENUMS.items() for code, words in choices
    ]


_DAYS = {"valid_from": "Từ ngày", "valid_to": "Đến ngày"}
_IN_ORDER = (
    CodeList(
        "units",
        "Đơn vị hành chính",
        "Mọi đơn vị từ năm 2020, cả đơn vị đã kết thúc, với mã của đơn vị trước và đơn vị kế thừa. Một mã có thể dùng "
        "lại sau sáp nhập: nhận diện một đơn vị bằng mã cùng ngày bắt đầu.",
        {
            "code": "Mã",
            "name": "Tên",
            "kind": "Loại",
            "level": "Cấp",
            **_DAYS,
            "parent": "Mã cấp trên",
            "predecessors": "Từ các mã",
            "successors": "Thành các mã",
            "change": "Thay đổi",
        },
        _units,
    ),
    CodeList(
        "criteria-sets",
        "Bộ tiêu chí",
        "Mỗi phiên bản của mỗi bộ, theo quyết định ban hành.",
        {
            "slug": "Mã bộ",
            "version": "Phiên bản",
            "level": "Cấp",
            "tier": "Bậc",
            "name": "Tên",
            "legal_basis": "Căn cứ",
            "effective_from": "Từ ngày",
            "effective_to": "Đến ngày",
        },
        _sets,
    ),
    CodeList(
        "indicators",
        "Chỉ tiêu",
        "Chỉ tiêu của mọi bộ, kèm tiêu chí mà nó thuộc về.",
        {
            "set": "Mã bộ",
            "set_version": "Phiên bản",
            "criterion_code": "Mã tiêu chí",
            "criterion_name": "Tiêu chí",
            "indicator": "Mã chỉ tiêu",
            "indicator_name": "Chỉ tiêu",
        },
        _indicators,
    ),
    CodeList(
        "periods",
        "Kỳ báo cáo",
        "Địa giới của một kỳ là địa giới ngày cuối kỳ.",
        {"code": "Mã", "kind": "Loại", "year": "Năm", "starts_on": "Từ ngày", "ends_on": "Đến ngày"},
        _periods,
    ),
    CodeList(
        "departments",
        "Sở, ngành",
        "Cơ quan chủ trì các tiêu chí.",
        {"code": "Mã", "name": "Tên", **_DAYS, "is_illustrative": "Minh hoạ"},
        _departments,
    ),
    CodeList(
        "enums",
        "Từ khoá",
        "Giá trị của các trường có danh sách đóng, với lời tiếng Việt.",
        {"list": "Danh sách", "code": "Mã", "name": "Lời"},
        _enums,
    ),
)
CODE_LISTS = {each.name: each for each in _IN_ORDER}

"""The tables behind a document. Each takes what was read (content.Source); None where it would have no row."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from communes.templatetags.vietnamese import tier_name
from criteria.models import Verdict
from ocop.models import Product
from reports.documents.paper import column
from reports.queries.results import codes_by_bit

if TYPE_CHECKING:
    from reports.documents.content import Source

Annex = dict[str, Any]
_MILLION = 1_000_000


def _annex(title: str, columns: list[dict], rows: list[list], note: str = "") -> Annex | None:
    return {"title": title, "note": note, "columns": columns, "rows": rows} if rows else None


def by_district(source: "Source") -> Annex | None:
    """Districts with their communes by tier; none after June 2025."""
    rows = [
        [
            row.area.name,
            tier_name(row.recognition.tier) if row.recognition else "chưa",
            row.communes,
            *(row.by_tier[tier] for tier in ("ntm", "advanced", "model")),
            round(row.official.average, 2) if row.official.average is not None else "–",
            row.official.attained,
        ]
        for row in source.home.districts
    ]
    names = ("Được công nhận", "Số xã", "Đạt chuẩn NTM", "Nâng cao", "Kiểu mẫu", "Tiêu chí bình quân", "Xã đủ tiêu chí")
    columns = [
        column("Đơn vị", 22),
        *(column(name, 11, "left" if not place else "right") for place, name in enumerate(names)),
    ]
    return _annex("Kết quả theo đơn vị cấp huyện", columns, rows, source.note)


def by_criterion(source: "Source") -> Annex | None:
    """How many communes meet each criterion, fail it, or cannot be concluded of."""
    names = codes_by_bit(row.criteria_set_id for row in source.results)
    counts: dict[tuple[int, str, str], Counter[Verdict]] = {}
    for row in source.results:
        for bit, criterion in names[row.criteria_set_id].items():
            counts.setdefault((bit, criterion.code, criterion.name), Counter())[row.verdict_of(criterion)] += 1
    order = (Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED)
    rows = [[code, name, *(of[verdict] for verdict in order)] for (_, code, name), of in sorted(counts.items())]
    columns = [
        column("Số", 7),
        column("Tiêu chí", 48),
        *(column(name, 15, "right") for name in ("Số xã đạt", "Chưa đạt", "Chưa kết luận")),
    ]
    return _annex("Số xã theo từng tiêu chí", columns, rows, source.note)


def communes(source: "Source") -> Annex | None:
    """The communes of the unit: tier, criteria met, indicators short."""
    rows = [
        [
            row.area.name,
            tier_name(row.recognition.tier) if row.recognition else "chưa",
            row.result.met,
            row.result.total,
            row.short,
            row.open,
        ]
        for row in sorted(source.board.rows, key=lambda row: row.area.sort_key)
    ]
    names = ("Tiêu chí đạt", "Tổng tiêu chí", "Chỉ tiêu chưa đạt", "Chưa có số liệu")
    columns = [column("Đơn vị", 26), column("Được công nhận", 22), *(column(name, 13, "right") for name in names)]
    return _annex("Các xã", columns, rows, source.note)


def unmet(source: "Source") -> Annex | None:
    """Every failing indicator of every commune, with how far it is."""
    rows = [
        [
            row.area.name if not place else "",
            row.district.name if row.district and not place else "",
            cell.indicator.code,
            cell.indicator.name,
            cell.said,
        ]
        for row in sorted(source.board.rows, key=lambda row: row.area.sort_key)
        for place, cell in enumerate(cell for cell in row.cells if cell.fails)
    ]
    names = (("Xã", 18), ("Cấp huyện", 16), ("Mã", 7), ("Chỉ tiêu chưa đạt", 38), ("Còn thiếu", 21))
    return _annex("Tiêu chí, chỉ tiêu chưa đạt theo xã", [column(*each) for each in names], rows, source.note)


def ocop(source: "Source") -> Annex | None:
    """Products with a standing certificate by group and stars."""
    found = Product.objects.filter(standing__status="recognised", standing__year__lte=source.year)
    counted = found.order_by().values_list("group", "standing__stars").annotate(n=Count("pk"))
    by_group: dict[str, Counter[int]] = {}
    for group, stars, n in counted:
        by_group.setdefault(group, Counter())[stars or 0] += n
    words = dict(Product.Group.choices)
    rows: list[list] = [
        [str(words.get(group, group)), of[3], of[4], of[5], of.total()] for group, of in sorted(by_group.items())
    ]
    if rows:
        rows.append(["Cộng", *(sum(row[place] for row in rows) for place in range(1, 5))])
    columns = [
        column("Nhóm sản phẩm", 52),
        *(column(name, 12, "right") for name in ("3 sao", "4 sao", "5 sao", "Cộng")),
    ]
    return _annex("Sản phẩm OCOP theo nhóm và hạng sao", columns, rows, source.note if source.made_up["ocop"] else "")


def funding(source: "Source") -> Annex | None:
    """The programme's funding by source line, in million đồng: the rows of the reporting form."""
    found = source.funding
    if not any(vars(found.total).values()):
        return None
    lines = [("TỔNG SỐ", found.total), *((line.name, line.amounts) for line in found.lines)]
    rows = [[name, *(_million(of) for of in (sums.plan, sums.mobilised, sums.disbursed))] for name, sums in lines]
    columns = [column("Nguồn", 46), *(column(name, 18, "right") for name in ("Kế hoạch", "Huy động", "Giải ngân"))]
    note = f"Đơn vị: triệu đồng.{' Có số liệu minh hoạ.' if found.is_illustrative else ''}"
    return _annex("Kết quả huy động nguồn lực thực hiện chương trình", columns, rows, note)


def _million(amount: int) -> float:
    return round(amount / _MILLION, 6)


ANNEXES = {each.__name__: each for each in (by_district, by_criterion, communes, unmet, ocop, funding)}

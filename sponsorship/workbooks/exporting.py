"""The ledger as a file, exactly as it is looked at, names kept as on the page: a workbook, or lines without an end."""

from collections.abc import Iterable
from typing import Any

from criteria.workbooks.writing import Book, Cell
from sponsorship.queries.naming import shown_name
from sponsorship.workbooks.columns import SHEET

HEADING = (
    *("Ngày ghi", "Ngày nhận", "Năm", "Nhà tài trợ", "Loại nhà tài trợ", "Mã nơi nhận", "Nơi nhận", "Thôn"),
    *("Kênh", "Loại", "Số tiền (đồng)", "Số lượng", "Đơn vị tính", "Quy đổi (đồng)", "Căn cứ quy đổi"),
    *("Tiêu chí", "Chỉ tiêu", "Nội dung", "Huỷ khoản số", "Lý do huỷ", "Thay khoản số", "Số", "Số liệu minh hoạ"),
)


def workbook(rows: Iterable[Any], note: str = "") -> bytes:
    """Rows of `contributions_for` as a workbook; a note stands above the heading."""
    book = Book()
    sheet = book.sheet(SHEET)
    if note:
        book.put(sheet, 0, 0, note, "guide")
    top = 1 if note else 0
    book.put_row(sheet, top, HEADING, "head")
    for number, row in enumerate(rows, start=top + 1):
        book.put_row(sheet, number, cells_of(row))
    return book.finished()


def cells_of(row: Any) -> list[Cell]:
    """The cells of an entry, in the order of the heading."""
    return [
        f"{row.received_on:%d/%m/%Y}" if row.received_on else "",
        f"{row.happened_on:%d/%m/%Y}" if row.happened_on and not row.reverses_id else "",
        row.year,
        shown_name(row),
        row.sponsor.get_kind_display(),
        row.area.code,
        row.area.name,
        row.village.name if row.village else "",
        row.get_channel_display(),
        row.get_kind_display(),
        row.amount,
        row.quantity,
        row.unit,
        row.rate,
        row.rate_basis,
        row.criterion.code if row.criterion else "",
        row.indicator.code if row.indicator else "",
        row.purpose,
        row.reverses_id,
        row.reason,
        row.replaces_id,
        row.pk,
        "x" if row.is_illustrative else "",
    ]

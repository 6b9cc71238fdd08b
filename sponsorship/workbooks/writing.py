"""Files that are given out: the empty sheet, and the list exactly as it is looked at, names kept as on the page."""

from collections.abc import Iterable, Iterator
from typing import Any

from criteria.workbooks.writing import Book, Cell
from sponsorship import rulebook
from sponsorship.models import Contribution
from sponsorship.queries.naming import shown_name
from sponsorship.workbooks.columns import COLUMNS, SHEET

GUIDE = (
    "Mỗi hàng một khoản đã nhận. Ngày viết như 21/02/2024; tiền bằng đồng chẵn.",
    "Tiền: ghi cột Số tiền. Ngày công, hiện vật, đất: ghi số lượng, đơn vị tính, mức quy đổi và căn cứ.",
    "Một ô sai thì không khoản nào được ghi; mọi chỗ sai được nêu cùng lúc.",
)
EMPTY_ROWS = 500
HEADING = (
    *("Ngày nhận", "Năm", "Nhà tài trợ", "Loại nhà tài trợ", "Mã nơi nhận", "Nơi nhận", "Kênh", "Loại"),
    *("Số tiền (đồng)", "Số lượng", "Đơn vị tính", "Quy đổi (đồng)", "Căn cứ quy đổi", "Tiêu chí", "Chỉ tiêu"),
    *("Nội dung", "Huỷ khoản số", "Lý do huỷ", "Số", "Số liệu minh hoạ"),
)


def blank() -> bytes:
    """The sheet to fill in."""
    book = Book()
    sheet = book.sheet(SHEET)
    for number, line in enumerate(GUIDE):
        book.put(sheet, number, 0, line, "guide")
    book.put_row(sheet, len(GUIDE), [column.heading for column in COLUMNS], "head")
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    first, last = len(GUIDE) + 1, len(GUIDE) + EMPTY_ROWS
    places = {column.field: place for place, column in enumerate(COLUMNS)}
    channels = [channel.short for channel in rulebook.rules().channels]
    book.choices(sheet, (first, last), (places["channel"],) * 2, channels)
    book.choices(sheet, (first, last), (places["kind"],) * 2, Contribution.Kind.labels)
    return book.finished()


def exported(rows: Iterable[Any]) -> bytes:
    """Rows of `contributions_for` as a workbook."""
    book = Book()
    sheet = book.sheet(SHEET)
    book.put_row(sheet, 0, HEADING, "head")
    for number, cells in enumerate(cells_of(rows), start=1):
        book.put_row(sheet, number, cells)
    return book.finished()


def cells_of(rows: Iterable[Any]) -> Iterator[list[Cell]]:
    """The cells of each row."""
    for row in rows:
        yield [
            f"{row.received_on:%d/%m/%Y}" if row.received_on else "",
            row.year,
            shown_name(row),
            row.sponsor.get_kind_display(),
            row.area.code,
            row.area.name,
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
            row.pk,
            "x" if row.is_illustrative else "",
        ]

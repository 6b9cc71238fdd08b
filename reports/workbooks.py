"""The board as a workbook: what is seen, with the words of the signs and a column for illustrative figures."""

from collections.abc import Iterator

from communes.templatetags.vietnamese import tier_name
from criteria.workbooks.writing import Book, Cell
from reports.queries.board import Board

_GUIDE = "Đ đạt · CĐ chưa đạt · … chưa có số liệu · ? chưa có ngưỡng · – không áp dụng"
_FIXED = ("Mã", "Đơn vị", "Cấp huyện", "Được công nhận", "Thiếu", "Chưa kết luận", "Số liệu minh hoạ")


def head_of(page: Board) -> list[str]:
    """The heading: the unit, its counts, then the codes of the indicators."""
    return [*_FIXED, *(column.code for column in page.columns)]


def lines_of(page: Board) -> Iterator[list[Cell]]:
    """One line a unit, in the order of the page."""
    for row in page.rows:
        yield [
            row.area.code,
            row.area.name,
            row.district.name if row.district else "",
            tier_name(row.recognition.tier) if row.recognition else "",
            row.short,
            row.open,
            "có" if row.result.is_illustrative else "",
            *(cell.letter for cell in row.cells),
        ]


def workbook(page: Board) -> bytes:
    """The whole of it as .xlsx, its heads frozen."""
    book = Book()
    sheet = book.sheet("Bảng xã")
    period = f", {str(page.standpoint.period).lower()}" if page.standpoint.period else ""
    standing = "chính thức, kỳ đã chốt" if page.standpoint.is_official else "tạm tính"
    book.put(sheet, 0, 0, f"{page.set_name}{period} ({standing})", "title")
    book.put(sheet, 1, 0, _GUIDE, "guide")
    book.put_row(sheet, 2, head_of(page), "head")
    for place, line in enumerate(lines_of(page), start=3):
        book.put_row(sheet, place, line)
    sheet.freeze_panes(3, 2)
    sheet.set_column(1, 3, 20)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    return book.finished()

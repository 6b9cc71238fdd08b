"""The empty sheet, to be filled in."""

from criteria.workbooks.writing import Book
from sponsorship import rulebook
from sponsorship.models import Contribution
from sponsorship.workbooks.columns import COLUMNS, SHEET

GUIDE = (
    "Mỗi hàng một khoản đã nhận. Ngày viết như 21/02/2024; tiền bằng đồng chẵn.",
    "Tiền: ghi cột Số tiền. Ngày công, hiện vật, đất: ghi số lượng, đơn vị tính, mức quy đổi và căn cứ.",
    "Một ô sai thì không khoản nào được ghi; mọi chỗ sai được nêu cùng lúc.",
)
EMPTY_ROWS = 500


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

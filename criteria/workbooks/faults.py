"""The uploaded table given back, with what is wrong in a column at the end of each row."""

from collections import defaultdict
from typing import Any

from criteria.workbooks.table import KEY_SHEET
from criteria.workbooks.writing import Book
from files.sheets import address

HEADING = "Lỗi cần sửa"


def workbook(sheets: list[dict[str, Any]], faults: list[list[Any]]) -> bytes:
    """The sheets as values, each with its faults ([sheet, row, column, message]) beside the rows."""
    said: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name, row, column, message in faults:
        said[name, row].append(f"{address(row, column)}: {message}")
    book = Book()
    for place, each in enumerate(sheets, start=1):
        if each["name"] != KEY_SHEET:
            _write(book, each, said, place)
    return book.finished()


def _write(book: Book, given: dict[str, Any], said: dict[tuple[str, int], list[str]], place: int) -> None:
    sheet = book.sheet(_name(given["name"], place))
    at = max((len(row) for row in given["rows"]), default=0)
    sheet.set_column(at, at, 60)
    book.put(sheet, 0, at, HEADING, "head")
    for number, row in enumerate(given["rows"]):
        for column, cell in enumerate(row):
            book.put(sheet, number, column, cell[1] if isinstance(cell, list) else cell)
        if messages := said.get((given["name"], number)):
            book.put(sheet, number, at, "\n".join(messages), "fault")


def _name(name: str, place: int) -> str:
    """A name that a workbook may hold."""
    kept = "".join(" " if char in "[]:*?/\\'" else char for char in name).strip()[:25]
    return f"{place} {kept}".strip()

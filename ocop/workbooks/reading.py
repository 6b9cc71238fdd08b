"""Sheets of an uploaded workbook into rows of the register: the heading found, every cell read, faults with places."""

from dataclasses import dataclass, field
from typing import Any

from accounts.errors import Refused
from accounts.text import search_key
from communes.rows import Unreadable
from files.sheets import address
from ocop.workbooks.columns import COLUMNS, Column, text_of

MOST_ROWS = 10_000
_LEAST_HEADINGS = {"name", "producer_name", "area_code"}
NO_TABLE = "Không thấy bảng sản phẩm. Hàng tiêu đề cần có “Tên sản phẩm”, “Chủ thể”, “Mã xã”."


@dataclass(frozen=True)
class Fault:
    """What is wrong, with the sheet and the cell as people call it."""

    sheet: str
    address: str
    message: str

    def __str__(self) -> str:
        return f"Trang “{self.sheet}”, ô {self.address}: {self.message}"


@dataclass
class Row:
    """A row as it was read; `places` are the columns of its fields."""

    sheet: str
    number: int
    said: dict[str, Any]
    places: dict[str, int]

    def fault(self, name: str, message: str) -> Fault:
        """A fault at the field's cell, or at the row's first."""
        return Fault(self.sheet, address(self.number, self.places.get(name, 0)), message)


@dataclass
class Table:
    """The rows that could be read, and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def table(sheets: list[dict[str, Any]]) -> Table:
    """The table of the first sheet that has one; Refused where none has."""
    for sheet in sheets:
        if sheet["is_hidden"]:
            continue
        for number, cells in enumerate(sheet["rows"][:20]):
            columns = _columns(cells)
            if {column.field for column in columns.values()} >= _LEAST_HEADINGS:
                return _rows(sheet, number + 1, columns)
    raise Refused(NO_TABLE, field="file", code="no_table")


def _columns(cells: list[Any]) -> dict[int, Column]:
    known = {search_key(column.heading): column for column in COLUMNS if column.field}
    found = {place: known.get(search_key(text_of(cell))) for place, cell in enumerate(cells)}
    return {place: column for place, column in found.items() if column}


def _rows(sheet: dict[str, Any], start: int, columns: dict[int, Column]) -> Table:
    found = Table()
    places = {column.field: place for place, column in columns.items()}
    errors = set(sheet["errors"])
    for number in range(start, len(sheet["rows"])):
        cells = sheet["rows"][number]
        if not any(text_of(cell).strip() for cell in cells):
            continue
        if len(found.rows) >= MOST_ROWS:
            raise Refused(f"Nhiều nhất {MOST_ROWS} sản phẩm một tệp.", field="file", code="too_many")
        row = Row(sheet["name"], number, {}, places)
        wrong = len(found.faults)
        for place, column in columns.items():
            _read(found, row, column, cells[place] if place < len(cells) else None, errors)
        if len(found.faults) == wrong:
            found.rows.append(row)
    if not found.rows and not found.faults:
        raise Refused("Bảng không có sản phẩm nào.", field="file", code="empty")
    return found


def _read(found: Table, row: Row, column: Column, cell: Any, errors: set[str]) -> None:
    try:
        if address(row.number, row.places[column.field]) in errors:
            raise Unreadable("ô bị lỗi hoặc công thức chưa tính.")
        row.said[column.field] = column.read(text_of(cell))
    except Unreadable as unreadable:
        message = f"{column.heading}: {unreadable}"
        found.faults.append(row.fault(column.field, message))

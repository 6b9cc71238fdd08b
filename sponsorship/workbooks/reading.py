"""An uploaded sheet as rows of texts and typed cells: the heading found, each cell read by its column."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.errors import Refused
from accounts.text import one_line, search_key
from communes.rows import Unreadable, day
from files import child
from files.sheets import address
from sponsorship import amounts
from sponsorship.workbooks.columns import BY_HEADING, COLUMNS, REQUIRED

SECONDS, MEMORY = 10, 220 * child.MB
HEADING_WITHIN = 20
NO_TABLE = "Không thấy bảng trong tệp. Hàng tiêu đề cần có: {}."
EMPTY = "Bảng không có khoản nào."


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell, with the address that people use."""

    sheet: str
    row: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"Trang “{self.sheet}”, ô {address(self.row, self.column)}: {self.message}"


@dataclass
class Row:
    """A row with what was read, and where each column stands in the sheet."""

    sheet: str
    number: int
    columns: dict[str, int]
    said: dict[str, Any] = field(default_factory=dict)

    def fault(self, name: str, message: str) -> CellFault:
        return CellFault(self.sheet, self.number, self.columns.get(name, 0), message)


def sheets_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """The sheets as they stand in the file, read in a process of its own; raises files.Refusal."""
    return child.call("files.sheets:read", path, kind, seconds=SECONDS, memory=MEMORY)


def rows_of(sheets: list[dict[str, Any]]) -> tuple[list[Row], list[CellFault]]:
    """Rows that could be read and the faults of the others. Refused where there is no table, or nothing in it."""
    found = [(sheet, place, columns) for sheet in sheets if (at := _heading(sheet)) for place, columns in [at]]
    if not found:
        names = ", ".join(column.heading for column in COLUMNS if column.field in REQUIRED)
        raise Refused(NO_TABLE.format(names), field="file", code="no_table")
    rows, faults = [], []
    for sheet, place, columns in found:
        for row, wrong in _rows(sheet, place, columns):
            faults += wrong
            rows += [] if wrong else [row]
    if not rows and not faults:
        raise Refused(EMPTY, field="file", code="empty")
    return rows, faults


def _heading(sheet: dict[str, Any]) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the place of each column."""
    for place, cells in enumerate(sheet["rows"][:HEADING_WITHIN]):
        named = {search_key(cell): column for column, cell in enumerate(cells) if isinstance(cell, str)}
        columns = {BY_HEADING[key].field: column for key, column in named.items() if key in BY_HEADING}
        if set(REQUIRED) <= columns.keys():
            return place, columns
    return None


def _rows(sheet: dict[str, Any], place: int, columns: dict[str, int]) -> Iterator[tuple[Row, list[CellFault]]]:
    for number, cells in enumerate(sheet["rows"][place + 1 :], start=place + 1):
        if all(cell is None or cell == "" for cell in cells):
            continue
        row, wrong = Row(sheet["name"], number, columns), []
        for name, read in _READ.items():
            column = columns.get(name)
            cell = cells[column] if column is not None and column < len(cells) else None
            try:
                row.said[name] = read(cell)
            except Unreadable as unreadable:
                wrong.append(row.fault(name, str(unreadable)))
        yield row, wrong


def _text(cell: Any) -> str:
    if isinstance(cell, list):
        return str(cell[1])
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else one_line(str(cell))


def _required(missing: str) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        text = _text(cell)
        if not text:
            raise Unreadable(missing)
        return text

    return read


def _day(cell: Any) -> dt.date:
    if isinstance(cell, float | int):
        raise Unreadable("là số, không phải ngày. Đổi định dạng ô thành Ngày, hoặc gõ 21/02/2024.")
    found = day(_text(cell))
    if found is None:
        raise Unreadable("ghi ngày nhận.")
    return found


def _dong(cell: Any) -> int | None:
    """A number of the sheet is taken as it is: a fraction is a fault, never rounded."""
    if not isinstance(cell, float | int):
        return amounts.dong(_text(cell))
    if cell < 0:
        raise Unreadable(amounts.NEGATIVE)
    if cell != int(cell):
        raise Unreadable(amounts.FRACTION)
    return int(cell)


def _quantity(cell: Any) -> Decimal | None:
    if not isinstance(cell, float | int):
        return amounts.quantity(_text(cell))
    found = Decimal(f"{cell:.15g}")
    if found != round(found, 2) or abs(found) >= 10**9:
        raise Unreadable("nhiều nhất hai chữ số sau dấu phẩy.")
    return found


_READ: dict[str, Callable[[Any], Any]] = {
    **{column.field: _text for column in COLUMNS},
    "received_on": _day,
    "sponsor": _required("ghi nhà tài trợ."),
    "area": _required("ghi nơi nhận."),
    "channel": _required("ghi kênh."),
    "amount": _dong,
    "quantity": _quantity,
    "rate": _dong,
}

"""Sheets with a record in each row: the heading found, each cell read by its column, every fault at its cell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.errors import Refused
from accounts.text import one_line, search_key
from communes.rows import Unreadable
from criteria.workbooks.table import Fault
from files.sheets import address

HEADING_WITHIN = 20
NO_TABLE = "Không thấy bảng trong tệp. Hàng tiêu đề cần có: {}."
EMPTY = "Bảng không có hàng nào."
HIDDEN = "Trang ẩn “{}” không được đọc. Bỏ ẩn nếu cần nhập."
ERROR = "ô bị lỗi hoặc công thức chưa tính. Gõ giá trị vào ô."


def text_of(cell: Any) -> str:
    """A cell as a person would have typed it, on one line."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return one_line(str(cell[1]))
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", ",")
    return one_line(str(cell))


@dataclass(frozen=True)
class Column:
    """A column: its field (empty = written only), heading, how a cell is read, width, whether a table must have it."""

    field: str
    heading: str
    read: Callable[[Any], Any] = text_of
    width: int = 14
    is_needed: bool = False


def typed(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A reader of cells from a reader of texts."""
    return lambda cell: read(text_of(cell))


@dataclass(slots=True)
class Row:
    """A row: what was read of each field, and the cells that it was read from, by the places of the fields."""

    sheet: str
    number: int
    places: dict[str, int]
    cells: Sequence[Any]
    said: dict[str, Any]

    def fault(self, name: str, message: str) -> Fault:
        """A fault at the field's cell, or at the row's first."""
        return Fault(self.sheet, self.number, self.places.get(name, 0), message)

    @property
    def kept(self) -> list[Any]:
        """JSON-ready: what `again` reads the row from."""
        given = {name: self.cells[place] for name, place in self.places.items() if place < len(self.cells)}
        return [self.sheet, self.number, {name: cell for name, cell in given.items() if not _is_empty(cell)}]


@dataclass
class Rows:
    """The rows that could be read, and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def rows_of(sheets: list[dict[str, Any]], columns: Sequence[Column], *, most: int) -> Rows:
    """The rows of every sheet that has the heading. Refused where none has it, or there are no rows or too many."""
    found, headed = Rows(), 0
    for sheet in sheets:
        if heading := _heading(sheet, columns):
            headed += not sheet["is_hidden"]
            _add(found, sheet, *heading, columns)
    if not headed:
        names = ", ".join(column.heading for column in columns if column.is_needed)
        raise Refused(NO_TABLE.format(names), field="file", code="no_table")
    if not found.rows and not found.faults:
        raise Refused(EMPTY, field="file", code="empty")
    if len(found.rows) > most:
        raise Refused(f"Nhiều nhất {most} hàng một tệp. Chia thành nhiều tệp.", field="file", code="too_many")
    return found


def again(kept: list[list[Any]], columns: Sequence[Column]) -> list[Row]:
    """Rows that were kept, read once more by their columns."""
    readers = {column.field: _Reader(column) for column in columns if column.field}
    return [
        Row(sheet, number, {}, (), {name: reader.value(cells.get(name)) for name, reader in readers.items()})
        for sheet, number, cells in kept
    ]


def _heading(sheet: dict[str, Any], columns: Sequence[Column]) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the place of each field."""
    known = {search_key(column.heading): column.field for column in columns if column.field}
    needed = {column.field for column in columns if column.is_needed}
    for number, cells in enumerate(sheet["rows"][:HEADING_WITHIN]):
        keys = [search_key(text_of(cell)) for cell in cells]
        # Of two columns with one heading the first counts.
        places = {known[key]: place for place, key in reversed(list(enumerate(keys))) if key in known}
        if needed <= places.keys():
            return number, places
    return None


def _add(found: Rows, sheet: dict[str, Any], heading: int, places: dict[str, int], columns: Sequence[Column]) -> None:
    if sheet["is_hidden"]:
        found.notices.append(HIDDEN.format(sheet["name"]))
        return
    read = _read(sheet, heading, places, [column for column in columns if column.field])
    for row, wrong in read:
        found.faults += wrong
        if not wrong:
            found.rows.append(row)


class _Reader:
    """Reads the cells of one column; what stands in thousands of rows is read once."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.known: dict[Any, Any] = {}
        self.empty = self._read(None)

    def _read(self, cell: Any) -> Any:
        try:
            return self.column.read(cell)
        except Unreadable as unreadable:
            return unreadable

    def value(self, cell: Any) -> Any:
        """What the cell says, or the Unreadable that says why not."""
        if not isinstance(cell, str):
            return self.empty if cell is None else self._read(cell)
        if cell not in self.known:
            self.known[cell] = self._read(cell) if cell.strip() else self.empty
        return self.known[cell]


def _read(
    sheet: dict[str, Any], heading: int, places: dict[str, int], columns: list[Column]
) -> Iterator[tuple[Row, list[Fault]]]:
    readers = {column.field: _Reader(column) for column in columns}
    usual = {name: reader.empty for name, reader in readers.items()}
    wrong_when_empty = {name for name, value in usual.items() if isinstance(value, Unreadable)}
    given = [(name, place, readers[name]) for name, place in places.items()]
    errors, name = set(sheet["errors"]), sheet["name"]
    for number, cells in enumerate(sheet["rows"][heading + 1 :], start=heading + 1):
        said, width = dict(usual), len(cells)
        wrong = set(wrong_when_empty)
        for key, place, reader in given:
            cell = cells[place] if place < width else None
            if cell is None or cell == "":
                continue
            said[key] = value = reader.value(cell)
            wrong.discard(key)
            if isinstance(value, Unreadable):
                wrong.add(key)
        in_error = {key for key, place, _ in given if address(number, place) in errors} if errors else set()
        if in_error or any(not _is_empty(cell) for cell in cells):
            row = Row(name, number, places, cells, said)
            yield row, _faults(row, readers, wrong, in_error)


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _faults(row: Row, readers: dict[str, _Reader], wrong: set[str], in_error: set[str]) -> list[Fault]:
    """In the order of the columns."""
    if not wrong and not in_error:
        return []
    return [
        row.fault(name, f"{reader.column.heading}: {ERROR if name in in_error else row.said[name]}")
        for name, reader in readers.items()
        if name in wrong or name in in_error
    ]

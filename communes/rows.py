"""Rows of the book as officers type or paste them: read column by column, every fault named with its line."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.text import one_line, search_key

MOST = 1000
LONGEST_NAME, LONGEST_DECISION = 120, 200
_LARGEST_COUNT = 1_000_000
_LARGEST_M2 = Decimal(10_000_000)
_WHOLE = re.compile(r"[0-9]{1,9}|[1-9][0-9]{0,2}([. ][0-9]{3})+")
_DECIMAL = re.compile(r"([0-9]{1,9}|[1-9][0-9]{0,2}([. ][0-9]{3})+)(,[0-9]{1,2})?")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Unreadable(ValueError):
    """A cell that has no meaning in its column; the message is Vietnamese."""


def name(text: str) -> str:
    """A name of one line; required."""
    cleaned = one_line(text)
    if not cleaned:
        raise Unreadable("ghi tên.")
    if len(cleaned) > LONGEST_NAME:
        raise Unreadable(f"dài quá {LONGEST_NAME} ký tự.")
    if not any(char.isalnum() for char in cleaned):
        raise Unreadable("tên phải có chữ hoặc số.")
    return cleaned


def words(text: str) -> str:
    """Words of one line, or none."""
    cleaned = one_line(text)
    if len(cleaned) > LONGEST_DECISION:
        raise Unreadable(f"dài quá {LONGEST_DECISION} ký tự.")
    return cleaned


def count(text: str) -> int | None:
    """A whole number, grouped by dots or spaces or not: 1.234."""
    cleaned = one_line(text)
    if not cleaned:
        return None
    if not _WHOLE.fullmatch(cleaned):
        raise Unreadable(f"“{cleaned[:40]}” không phải số nguyên. Viết như 1234 hoặc 1.234.")
    found = int(cleaned.replace(".", "").replace(" ", ""))
    if found > _LARGEST_COUNT:
        raise Unreadable("số quá lớn.")
    return found


def square_metres(text: str) -> Decimal | None:
    """An area with one decimal at most: 1.250,5."""
    cleaned = one_line(text)
    if not cleaned:
        return None
    if not _DECIMAL.fullmatch(cleaned):
        raise Unreadable(f"“{cleaned[:40]}” không đọc được. Viết như 1250,5.")
    found = Decimal(cleaned.replace(".", "").replace(" ", "").replace(",", "."))
    if not 0 < found < _LARGEST_M2:
        raise Unreadable("diện tích phải trên 0 và dưới 10.000.000 m².")
    if found != round(found, 1):
        raise Unreadable("nhiều nhất một chữ số sau dấu phẩy.")
    return found


def year(text: str) -> int:
    """A year of four digits; required."""
    cleaned = one_line(text)
    if not re.fullmatch(r"[0-9]{4}", cleaned) or not 2000 <= int(cleaned) <= 2100:
        raise Unreadable("ghi năm bằng bốn chữ số, từ 2000.")
    return int(cleaned)


def day(text: str) -> dt.date | None:
    """A date as 21/02/2024, or none."""
    cleaned = one_line(text)
    if not cleaned:
        return None
    said = _DAY.fullmatch(cleaned)
    try:
        return dt.date(int(said[3]), int(said[2]), int(said[1])) if said else dt.date.fromisoformat(cleaned)
    except ValueError:
        raise Unreadable(f"“{cleaned[:40]}” không phải ngày. Viết như 21/02/2024.") from None


@dataclass(frozen=True)
class Column:
    """A column of the book: its field, its heading, how its text is read."""

    field: str
    heading: str
    read: Callable[[str], Any]
    is_required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a column; in a pasted table with the number of the line."""

    field: str
    message: str
    heading: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"Dòng {self.line}, " if self.line else ""
        return f"{where}{self.heading}: {self.message}" if self.heading else f"{where}{self.message}"


@dataclass(frozen=True)
class Read:
    """The rows that could be read, each with its line, and what is wrong with the others."""

    rows: list[dict[str, Any]]
    faults: list[Fault]


def read_row(said: dict[str, str], columns: tuple[Column, ...], line: int = 0) -> tuple[dict[str, Any], list[Fault]]:
    """One row from the texts of its columns."""
    row: dict[str, Any] = {"line": line}
    faults = []
    for column in columns:
        try:
            row[column.field] = column.read(said.get(column.field, ""))
        except Unreadable as unreadable:
            faults.append(Fault(column.field, str(unreadable), column.heading, line))
    return row, faults


def read_table(text: str, columns: tuple[Column, ...]) -> Read:
    """A table pasted from a spreadsheet: a line a row, tabs between cells; a line of headings is passed over."""
    rows, faults = [], []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST:
        return Read([], [Fault("", f"Nhiều nhất {MOST} dòng một lần; bảng có {len(lines)} dòng.")])
    for number, line in lines:
        cells = line.split("\t")
        if number == lines[0][0] and search_key(cells[0]) == search_key(columns[0].heading):
            continue
        row, wrong = read_row(dict(zip((c.field for c in columns), cells, strict=False)), columns, number)
        extra = [cell for cell in cells[len(columns) :] if cell.strip()]
        if extra:
            wrong.append(Fault("", f"có {len(cells)} cột; bảng này có {len(columns)} cột.", "", number))
        rows += [row] if not wrong else []
        faults += wrong
    if not rows and not faults:
        faults.append(Fault("", "Dán ít nhất một dòng."))
    return Read(rows, faults)

"""What stands where in an uploaded sheet: the heading, then cells that each name a unit, an input and a value.

Two shapes: units down and input codes across; or a unit, an input code and a value in each row. Ours and those that
officers make themselves are read the same way; ours also bring a key sheet with the versions that were read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.text import search_key
from files.sheets import address

KEY_SHEET, DATA_SHEET = "Khoá", "Số liệu"
KEY_MARK = "ntm-portal"
_HEADING_WITHIN = 30
_UNIT_CODE = {"ma don vi", "ma xa", "ma dvhc", "ma don vi hanh chinh", "ma huyen", "ma so"}
_UNIT_NAME = {"don vi", "ten don vi", "ten xa", "xa", "xa phuong", "huyen", "ten huyen", "dia phuong", "ten"}
_INPUT = {"ma noi dung", "ma chi tieu", "chi tieu so", "ma"}
_VALUE = {"gia tri", "ket qua", "so lieu", "thuc hien"}
# Rows that officers add below; a commune may well be called Cộng Hoà, so only the whole words count.
_SUMS = {"tong", "tong cong", "tong so", "cong", "binh quan", "trung binh", "toan huyen", "toan tinh"}
_VERSION = re.compile(r"[0-9]{1,9}")
_CODE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2}){0,3}(\.?[a-zđ]){0,2}")
# Letters that no Vietnamese text of today has: what TCVN3 and VNI fonts leave when they are read as Unicode.
_LEGACY = re.compile("[µ¸¶·¹¨»¾¼½Æ©ÇË®ÎÏÑªÖ×ØÜÞß¬«ëîïñ\xadö÷ûüþåæçäø]")


def is_legacy(text: str) -> bool:
    """Whether the text was written in a legacy font (TCVN3, VNI)."""
    return bool(_LEGACY.search(text))


@dataclass(frozen=True)
class Given:
    """A cell with something in it, and what it is said to be."""

    sheet: str
    row: int
    column: int
    unit_column: int
    unit_code: str
    unit_name: str
    input_code: str
    value: Any  # text, number, ["date", text] or ["bool", text]
    is_percent: bool  # the cell shows a per cent: 95% is kept as 0.95
    fault: str = ""  # why the cell cannot be read at all

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass
class Key:
    """What our own workbook says of itself: by unit and input code, the version that was read and what it held."""

    round_id: int
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    originals: dict[tuple[str, str], str] = field(default_factory=dict)  # as `key_cell` writes them; none: empty


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place."""

    sheet: str
    row: int
    column: int
    message: str

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class _Heading:
    row: int
    unit_code: int | None
    unit_name: int | None
    inputs: dict[int, str]  # column → input code
    input: int | None = None
    value: int | None = None


def key_of(sheets: list[dict[str, Any]]) -> Key | None:
    """The key of our own workbook; None for any other table."""
    for sheet in sheets:
        rows = sheet["rows"]
        if sheet["name"] == KEY_SHEET and len(rows) > 1 and rows[0][0] == KEY_MARK and _whole(rows[0][1]):
            return _key(int(rows[0][1]), [as_code(cell) for cell in rows[1][1:]], rows[2:])
    return None


def _key(round_id: int, codes: list[str], rows: list[list[Any]]) -> Key:
    key = Key(round_id)
    for row in rows:
        unit = as_code(row[0])
        for code, cell in zip(codes, row[1:], strict=False):
            version, _, original = as_code(cell).partition(" ")
            if _VERSION.fullmatch(version):
                key.versions[unit, code] = int(version)
                if original:
                    key.originals[unit, code] = original
    return key


def key_cell(version: int, value: Decimal | None, not_applicable: bool) -> str | int:
    """What the key sheet holds of a value: its version, and behind it what the cell to fill held."""
    if value is None and not not_applicable:
        return version
    return f"{version} {original_of(value, not_applicable)}"


def original_of(value: Decimal | None, not_applicable: bool) -> str:
    """A value as the key holds it."""
    if not_applicable:
        return "-"
    return "" if value is None else f"{value.normalize():f}"


def _whole(cell: Any) -> bool:
    return isinstance(cell, float | int) and 0 <= cell < 2**53 and cell == int(cell)


def as_code(cell: Any) -> str:
    """A code as text: programs turn 18502 and 2.1 into numbers."""
    if isinstance(cell, float | int):
        return f"{cell:.10g}"
    return cell.strip().rstrip(".") if isinstance(cell, str) else ""


def tables(sheets: list[dict[str, Any]], codes: set[str]) -> tuple[list[Given] | None, list[Fault], list[str]]:
    """Every given cell of every sheet with a heading (None: no sheet has one), faults of the tables, what to tell."""
    headed = 0
    given: list[Given] = []
    faults: list[Fault] = []
    notices: list[str] = []
    for sheet in sheets:
        heading = _heading(sheet["rows"], codes) if sheet["name"] != KEY_SHEET else None
        if heading is None:
            continue
        if sheet["is_hidden"]:
            notices.append(f"Trang ẩn “{sheet['name']}” không được đọc. Bỏ ẩn nếu cần nhập.")
            continue
        headed += 1
        faults += [*_heading_faults(sheet, heading, codes), *_merged(sheet, heading)]
        given += _cells(sheet, heading, codes)
        if sums := [
            row + 1 for row in range(heading.row + 1, len(sheet["rows"])) if _is_sum(sheet["rows"][row], heading)
        ]:
            notices.append(f"Trang “{sheet['name']}”: bỏ qua hàng tổng {', '.join(map(str, sums[:20]))}.")
        if hidden := [row for row in sheet["hidden"] if row > heading.row + 1]:
            rows = ", ".join(map(str, hidden[:20]))
            notices.append(f"Trang “{sheet['name']}” có hàng đang ẩn vẫn được đọc: {rows}.")
    return given if headed else None, faults, notices


def _heading(rows: list[list[Any]], codes: set[str]) -> _Heading | None:
    for number, row in enumerate(rows[:_HEADING_WITHIN]):
        words = {column: search_key(cell).strip() for column, cell in enumerate(row) if isinstance(cell, str)}
        code = next((column for column, word in words.items() if word in _UNIT_CODE), None)
        name = next((column for column, word in words.items() if word in _UNIT_NAME), None)
        if code is None and name is None:
            continue
        entry = next((column for column, word in words.items() if word in _INPUT), None)
        value = next((column for column, word in words.items() if word in _VALUE), None)
        if entry is not None and value is not None:
            return _Heading(number, code, name, {}, entry, value)
        inputs = {column: as_code(cell) for column, cell in enumerate(row) if column not in (code, name)}
        inputs = {column: each for column, each in inputs.items() if each in codes or _CODE.fullmatch(each)}
        if any(each in codes for each in inputs.values()):
            return _Heading(number, code, name, inputs)
    return None


def _heading_faults(sheet: dict[str, Any], heading: _Heading, codes: set[str]) -> Iterator[Fault]:
    """Codes of the heading that are unknown, stand twice, or lost a final zero (2.10 kept as the number 2.1)."""
    seen: dict[str, int] = {}
    for column, code in heading.inputs.items():
        if code not in codes:
            yield Fault(sheet["name"], heading.row, column, f"Không có mã “{code}” trong bộ tiêu chí của đợt.")
        elif code in seen:
            first = address(heading.row, seen[code])
            yield Fault(sheet["name"], heading.row, column, f"Mã {code} đã có ở ô {first}. Giữ một cột.")
        elif message := _doubt(sheet["rows"][heading.row][column], codes):
            yield Fault(sheet["name"], heading.row, column, message)
        seen.setdefault(code, column)


def _doubt(cell: Any, codes: set[str]) -> str:
    """What to say of a code that is a number and may have lost a final zero; empty where there is no doubt."""
    if not isinstance(cell, float | int) or f"{as_code(cell)}0" not in codes:
        return ""
    code = as_code(cell)
    return f"Mã {code} hay {code}0? Định dạng ô mã là Văn bản rồi gõ lại mã."


def _merged(sheet: dict[str, Any], heading: _Heading) -> Iterator[Fault]:
    """Merged cells below the heading, where a value or a name would count for several rows or columns."""
    used = {heading.unit_code, heading.unit_name, heading.input, heading.value, *heading.inputs}
    for top, left, bottom, right in sheet["merged"]:
        if bottom > heading.row and used & set(range(left, right + 1)):
            message = f"Ô gộp {address(top, left)}:{address(bottom, right)}. Bỏ gộp ô, ghi đủ từng hàng."
            yield Fault(sheet["name"], top, left, message)


def _covered(sheet: dict[str, Any], heading: _Heading) -> set[tuple[int, int]]:
    """Cells under a merge, its first one too: which of its rows or columns that one belongs to is anybody's guess.

    Where the unit itself is merged over several rows, none of their cells counts.
    """
    units, width = {heading.unit_code, heading.unit_name}, max((len(row) for row in sheet["rows"]), default=0)
    covered = set()
    for top, left, bottom, right in sheet["merged"]:
        columns = range(left, min(right + 1, width))
        wide = range(width) if bottom > top and units & set(columns) else columns
        last = min(bottom + 1, len(sheet["rows"]))
        covered |= {(row, column) for row in range(max(top, heading.row + 1), last) for column in wide}
    return covered


def _is_sum(row: list[Any], heading: _Heading) -> bool:
    """Whether the row adds up the others: no code, and a word for a total where the name stands."""
    return not as_code(_at(row, heading.unit_code)) and search_key(_words(_at(row, heading.unit_name))) in _SUMS


def _cells(sheet: dict[str, Any], heading: _Heading, codes: set[str]) -> Iterator[Given]:
    percent, errors, covered = set(sheet["percent"]), set(sheet["errors"]), _covered(sheet, heading)
    name = sheet["name"]
    unit_column = next(column for column in (heading.unit_code, heading.unit_name) if column is not None)
    for number, row in enumerate(sheet["rows"][heading.row + 1 :], start=heading.row + 1):
        if _is_sum(row, heading):
            continue
        code, unit = as_code(_at(row, heading.unit_code)), _words(_at(row, heading.unit_name))
        for column, entry, doubt in _entries(sheet, row, heading, codes):
            value = _at(row, column)
            where = address(number, column)
            fault = "Ô bị lỗi hoặc công thức chưa tính. Gõ giá trị vào ô." if where in errors else doubt
            is_empty = value is None or (isinstance(value, str) and not value.strip())
            if (number, column) not in covered and (where in errors or not is_empty):
                yield Given(name, number, column, unit_column, code, unit, entry, value, where in percent, fault)


def _entries(
    sheet: dict[str, Any], row: list[Any], heading: _Heading, codes: set[str]
) -> Iterator[tuple[int, str, str]]:
    """(column of the value, input code, why the code is in doubt). Columns are left out whose heading was told of."""
    if heading.value is None:
        head = sheet["rows"][heading.row]
        for column, code in heading.inputs.items():
            if code in codes and not _doubt(head[column], codes):
                yield column, code, ""
    else:
        code = _at(row, heading.input)
        yield heading.value, as_code(code), _doubt(code, codes)


def _at(row: list[Any], column: int | None) -> Any:
    return row[column] if column is not None and column < len(row) else None


def _words(cell: Any) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else as_code(cell)

"""The cells of a workbook or CSV file, read in the child: addresses kept, nothing guessed, sizes known beforehand."""

import csv
import datetime as dt
import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from files import Refusal, zips

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 300, 1_000_000
MOST_SHEETS = 40
TOO_LARGE = "Bảng quá lớn (trên 20.000 hàng hoặc 300 cột). Xoá các hàng, cột thừa rồi lưu lại."
_LIMIT_LISTED = 1000
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE = re.compile(rb"\b(?:r|ref)\s*=\s*[\"'](?:[A-Za-z]+\d+:)?([A-Za-z]+)(\d+)[\"']")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ANY_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)")
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d+)")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)")
# A formula that no program ever worked out: there is no value after it.
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)><(?:\w+:)?f[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
# #REF! and its like: the cells' reader gives them as empty.
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_FORMATS = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_FORMAT_ID = re.compile(rb"numFmtId\s*=\s*[\"'](\d+)")
_PERCENT_IDS = {9, 10}
_TAIL = 2048


@cache
def letters(column: int) -> str:
    """Letters of a column counted from 0: 0 → A, 27 → AB."""
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name, column = chr(65 + rest) + name, column - 1
    return name


def address(row: int, column: int) -> str:
    """A cell counted from 0 as people call it: (0, 1) → B1."""
    return f"{letters(column)}{row + 1}"


def read(path: str, kind: str) -> list[dict[str, Any]]:
    """In the child: the sheets as {name, is_hidden, rows, merged, hidden, percent, errors}; raises Refusal.

    A cell is null, text, a number, or ["date", text], ["bool", text]. Rows count from the sheet's first.
    """
    return _read_csv(path) if kind == "csv" else _read_workbook(path)


def _read_workbook(path: str) -> list[dict[str, Any]]:
    import python_calamine  # only the child loads it

    zips.check(path)
    looks = _look(path)
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        if len(book.sheet_names) > MOST_SHEETS:
            raise Refusal("Tệp có quá nhiều trang (trên 40). Chỉ giữ trang số liệu rồi tải lên.", "sheets")
        shown = python_calamine.SheetVisibleEnum.Visible
        hidden = [meta.visible != shown for meta in book.sheets_metadata]
        return [
            {"is_hidden": is_hidden, **_sheet(book, index, name, looks)}
            for index, (name, is_hidden) in enumerate(zip(book.sheet_names, hidden, strict=True))
        ]


def _sheet(book: Any, index: int, name: str, looks: dict[str, dict[str, list]]) -> dict[str, Any]:
    sheet = book.get_sheet_by_index(index)
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise Refusal(TOO_LARGE, "dimension")
    # Most cells are empty, or text and numbers as JSON has them.
    rows = [[_plain(cell) if cell != "" else None for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
    nothing: dict[str, list] = {"hidden": [], "percent": [], "errors": []}
    return {"name": name, "rows": rows, "merged": merged[:_LIMIT_LISTED], **looks.get(name, nothing)}


def _plain(cell: Any) -> Any:
    """A cell as JSON, so that a date can never be taken for a number."""
    if isinstance(cell, str):
        return cell.replace("\0", "") or None
    if isinstance(cell, bool):
        return ["bool", "TRUE" if cell else "FALSE"]
    if isinstance(cell, dt.datetime | dt.date):
        return ["date", f"{cell:%d/%m/%Y}"]
    if isinstance(cell, dt.time | dt.timedelta):
        return ["date", str(cell)]
    return cell


def _look(path: str) -> dict[str, dict[str, list]]:
    """What the cells' reader does not tell, by sheet: sizes checked, rows hidden, cells shown as per cent."""
    with zipfile.ZipFile(path) as archive:
        percent = _percent_styles(archive)
        found = {}
        for name, entry in _sheet_entries(archive).items():
            if entry in archive.namelist():
                found[name] = _look_at(archive, entry, percent)
        return found


def _sheet_entries(archive: zipfile.ZipFile) -> dict[str, str]:
    """The entry of each sheet by its name. Parsed plainly: declarations were refused before."""
    from xml.etree import ElementTree  # no declarations, no entities: files.zips

    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError) as fault:
        raise Refusal(zips.BROKEN, "broken") from fault
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    return {
        sheet.get("name", ""): _entry_of(targets.get(value, ""))
        for sheet in sheets
        for key, value in sheet.attrib.items()
        if key.endswith("}id")
    }


def _entry_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell styles that show a per cent: 95% is kept as 0.95."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    styles = archive.read("xl/styles.xml")
    ids = set(_PERCENT_IDS)
    for each in _FORMATS.findall(styles):
        if b"%" in each and (number := _FORMAT_ID.search(each)):
            ids.add(int(number[1]))
    cells = _CELL_STYLES.search(styles)
    formats = [_FORMAT_ID.search(each) for each in _XF.findall(cells[0])] if cells else []
    return {place for place, found in enumerate(formats) if found and int(found[1]) in ids}


def _look_at(archive: zipfile.ZipFile, entry: str, percent: set[int]) -> dict[str, list]:
    hidden: set[int] = set()
    shown: set[str] = set()
    errors: set[str] = set()
    cells = rows = 0
    part = b""
    for part in zips.parts(archive, entry, _TAIL):
        _check_addresses(part)
        # What begins in the overlap was counted in the part before.
        fresh = part[_TAIL:] if rows or cells else part
        cells, rows = cells + len(_ANY_CELL.findall(fresh)), rows + len(_ANY_ROW.findall(fresh))
        if cells > MOST_CELLS or rows > MOST_ROWS:
            raise Refusal(TOO_LARGE, "dimension")
        hidden |= _hidden(part)
        errors |= _without_value(part)
        shown |= _shown_as_percent(part, percent) if percent else set()
    if not part.rstrip().endswith(b"worksheet>"):
        raise Refusal(zips.BROKEN, "broken")
    return {"hidden": sorted(hidden)[:_LIMIT_LISTED], "percent": sorted(shown), "errors": sorted(errors)}


def _hidden(part: bytes) -> set[int]:
    """Numbers of the rows that are not shown. A look for the word first: most sheets have none."""
    rows = _ROW.findall(part) if b"hidden" in part else []
    return {int(n[1]) for row in rows if _HIDDEN.search(row) and (n := _NUMBER.search(row))}


def _check_addresses(part: bytes) -> None:
    """Refused where a cell lies outside what is taken (the stated size among them)."""
    references = _REFERENCE.findall(part)
    rows, columns = {row for _, row in references}, {column for column, _ in references}
    if any(len(row) > 5 or int(row) > MOST_ROWS for row in rows):
        raise Refusal(TOO_LARGE, "dimension")
    if any(len(column) > 2 or _column(column) > MOST_COLUMNS for column in columns):
        raise Refusal(TOO_LARGE, "dimension")


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _shown_as_percent(part: bytes, percent: set[int]) -> set[str]:
    return {
        ref
        for cell in _CELL.findall(part)
        if (style := _STYLE.search(cell)) and int(style[1]) in percent and (ref := _reference(cell))
    }


def _without_value(part: bytes) -> set[str]:
    """Cells with an error, or with a formula that was never worked out."""
    cells = _UNCALCULATED.findall(part) if b"<f" in part or b":f" in part else []
    if (b'"e"' in part or b"'e'" in part) and _ERROR.search(part):
        cells += [cell for cell in _CELL.findall(part) if _ERROR.search(cell)]
    return {ref for cell in cells if (ref := _reference(cell))}


def _reference(attributes: bytes) -> str:
    found = _REFERENCE.search(attributes)
    return (found[1] + found[2]).decode().upper() if found else ""


def _read_csv(path: str) -> list[dict[str, Any]]:
    """One sheet of texts, separated by the sign that the first line has most of; the quote before a formula goes."""
    text = Path(path).read_bytes().decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows: list[list[str | None]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise Refusal(TOO_LARGE, "dimension")
        rows.append([_unquoted(cell) or None for cell in row])
    nothing: dict[str, list] = {"merged": [], "hidden": [], "percent": [], "errors": []}
    return [{"name": "CSV", "is_hidden": False, "rows": rows, **nothing}]


DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the full-width forms are meant


def quoted(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text

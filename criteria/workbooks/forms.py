"""Workbooks to fill: prefilled with what is stored, with codes, thresholds, the period before and a key.

Several units and all inputs make one grid, units down and codes across: officers paste a department's column at once.
One unit, or one input, makes a list: the requirement and the period before stand in the row that is being filled.
"""

from decimal import Decimal
from typing import Any

from criteria.models import Input, Round, State, Threshold
from criteria.queries import history, wording
from criteria.resolving import Resolver, resolver_for
from criteria.workbooks.slots import Slot
from criteria.workbooks.table import DATA_SHEET, KEY_MARK, KEY_SHEET
from criteria.workbooks.writing import Book, Cell

BEFORE_SHEET = "Kỳ trước"
GUIDE = (
    "Chỉ sửa ô trắng. Để trống: giữ nguyên. Ô xám: mã, hoặc giá trị không sửa được (hệ thống tính, đã nộp). "
    "Phần trăm: gõ 95, không gõ 0,95."
)
_LIST_HEAD = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Mã nội dung",
    "Nội dung",
    "Đơn vị tính",
    "Yêu cầu",
    "Kỳ trước",
    "Giá trị",
)
_LIST_WIDTHS = (10, 24, 12, 60, 16, 16, 14, 16)
_HEADING_ROW = 5


def workbook(opened: Round, slots: list[Slot]) -> bytes:
    """The workbook of these values of the round: one unit or one input as a list, else as a grid."""
    ordered = sorted(slots, key=lambda slot: (slot.assessment.area.sort_key, slot.assessment.area_id))
    before = history.values_before(slot.pk for slot in slots)
    units = {slot.assessment.area_id for slot in slots}
    one_input = len({slot.input.pk for slot in slots}) == 1
    book = Book()
    sheet = book.sheet(DATA_SHEET)
    book.put(sheet, 0, 0, f"{opened.criteria_set.name} · {opened.period}", "title")
    book.put(sheet, 1, 0, GUIDE, "guide")
    resolver = resolver_for(opened)
    if len(units) == 1 or one_input:
        _write_list(book, sheet, ordered, before, resolver)
    else:
        _write_grid(book, sheet, ordered, resolver)
        _write_before(book, ordered, before)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True, "autofilter": True, "sort": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    _write_key(book, opened, ordered)
    return book.finished()


def _look(slot: Slot) -> str:
    """White where the person may type, with the number as it is read in Vietnam (the program's own language)."""
    if slot.input.derived or slot.state not in (State.DRAFT, State.RETURNED):
        return "fixed"
    if slot.value is None or wording.is_yes_no(slot.input):
        return "open"
    return "whole" if slot.value == slot.value.to_integral_value() else "fraction"


def _cell(entry: Input, value: Decimal | None, not_applicable: bool = False) -> Cell:
    if not_applicable:
        return wording.NOT_APPLICABLE
    if value is None or not wording.is_yes_no(entry):
        return value
    return wording.YES if value else wording.NO


def _choices(entry: Input) -> list[str]:
    more = [wording.NOT_APPLICABLE] if entry.may_not_apply or entry.alternative else []
    return [wording.YES, wording.NO, *more]


def _write_list(book: Book, sheet: Any, slots: list[Slot], before: dict[int, Decimal], resolver: Resolver) -> None:
    for column, width in enumerate(_LIST_WIDTHS):
        sheet.set_column(column, column, width)
    book.put_row(sheet, _HEADING_ROW, _LIST_HEAD, "head")
    last = len(_LIST_HEAD) - 1
    for row, slot in enumerate(slots, start=_HEADING_ROW + 1):
        area, entry = slot.assessment.area, slot.input
        required = wording.requirement(entry, resolver.threshold_for(entry, area.pk))
        book.put_row(sheet, row, (area.code, area.name, entry.code), "fixed")
        book.put(sheet, row, 3, entry.name, "wrapped")
        for column, cell in enumerate((wording.unit(entry), required, _cell(entry, before.get(slot.pk))), start=4):
            book.put(sheet, row, column, cell, "fixed")
        book.put(sheet, row, last, _cell(entry, slot.value, slot.not_applicable), _look(slot))
        if wording.is_yes_no(entry):
            book.choices(sheet, (row, row), (last, last), _choices(entry))
    sheet.freeze_panes(_HEADING_ROW + 1, 3)
    sheet.repeat_rows(_HEADING_ROW)


def _grid(slots: list[Slot]) -> tuple[dict[int, int], dict[int, int]]:
    """Row of each unit and column of each input, both counted from 0."""
    units = {area: place for place, area in enumerate(dict.fromkeys(slot.assessment.area_id for slot in slots))}
    inputs = {slot.input.pk: slot.input for slot in slots}
    ordered = sorted(inputs.values(), key=lambda e: (e.indicator.criterion.bit, e.indicator.ordinal, e.ordinal, e.pk))
    return units, {entry.pk: place for place, entry in enumerate(ordered)}


def _write_grid(book: Book, sheet: Any, slots: list[Slot], resolver: Resolver) -> None:
    rows, columns = _grid(slots)
    first, last = _HEADING_ROW + 1, _HEADING_ROW + len(rows)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 1 + len(columns), 14)
    sheet.set_row(2, 75)
    book.put_row(sheet, _HEADING_ROW, _LIST_HEAD[:2], "head")
    _write_headings(book, sheet, slots, columns, resolver)
    for entry in {slot.input.pk: slot.input for slot in slots}.values():
        if wording.is_yes_no(entry):
            column = 2 + columns[entry.pk]
            book.choices(sheet, (first, last), (column, column), _choices(entry))
    for slot in slots:
        row = first + rows[slot.assessment.area_id]
        book.put(
            sheet, row, 2 + columns[slot.input.pk], _cell(slot.input, slot.value, slot.not_applicable), _look(slot)
        )
    _write_names(book, sheet, slots, rows, first)
    sheet.freeze_panes(first, 2)


def _write_headings(book: Book, sheet: Any, slots: list[Slot], columns: dict[int, int], resolver: Resolver) -> None:
    """Name, unit and requirement above each code; a requirement that differs between units is said to."""
    levels_of: dict[Input, set[Threshold | None]] = {}
    for slot in slots:
        levels_of.setdefault(slot.input, set()).add(resolver.threshold_for(slot.input, slot.assessment.area_id))
    required = {e.pk: {wording.requirement(e, level) for level in levels} for e, levels in levels_of.items()}
    for entry in {slot.input.pk: slot.input for slot in slots}.values():
        column, levels = 2 + columns[entry.pk], required[entry.pk]
        level = next(iter(levels)) if len(levels) == 1 else "theo đơn vị"
        for row, text in enumerate((entry.name, wording.unit(entry), level, entry.code), start=2):
            book.put(sheet, row, column, text, "head")


def _write_names(book: Book, sheet: Any, slots: list[Slot], rows: dict[int, int], first: int) -> None:
    for area in {slot.assessment.area_id: slot.assessment.area for slot in slots}.values():
        book.put_row(sheet, first + rows[area.pk], (area.code, area.name), "fixed")


def _write_before(book: Book, slots: list[Slot], before: dict[int, Decimal]) -> None:
    """The period before, in the same places as in the sheet to fill."""
    rows, columns = _grid(slots)
    sheet = book.sheet(BEFORE_SHEET)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    book.put_row(sheet, 0, _LIST_HEAD[:2], "head")
    for entry in {slot.input.pk: slot.input for slot in slots}.values():
        book.put(sheet, 0, 2 + columns[entry.pk], entry.code, "head")
    for slot in slots:
        cell = _cell(slot.input, before.get(slot.pk))
        book.put(sheet, 1 + rows[slot.assessment.area_id], 2 + columns[slot.input.pk], cell)
    _write_names(book, sheet, slots, rows, 1)
    sheet.freeze_panes(1, 2)
    sheet.protect()


def _write_key(book: Book, opened: Round, slots: list[Slot]) -> None:
    """Which round, which set, and which version of each value was read: an older one is a conflict."""
    rows, columns = _grid(slots)
    sheet = book.sheet(KEY_SHEET)
    book.put_row(sheet, 0, (KEY_MARK, opened.pk, opened.criteria_set.slug))
    for slot in slots:
        row, column = 2 + rows[slot.assessment.area_id], 1 + columns[slot.input.pk]
        book.put(sheet, 1, column, slot.input.code)
        book.put(sheet, row, 0, slot.area_code)
        book.put(sheet, row, column, slot.version)
    sheet.protect()
    sheet.hide()

"""Workbooks to fill: prefilled with what is stored, with codes, thresholds, the period before and a key.

Several units and all inputs make one grid, units down and codes across: officers paste a department's column at once.
One unit, or one input, makes a list: the requirement and the period before stand in the row that is being filled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from communes.models import Area
from criteria.models import Input, Round, State
from criteria.queries import history, wording
from criteria.resolving import Resolver, resolver_for
from criteria.workbooks.slots import Slot
from criteria.workbooks.table import DATA_SHEET, KEY_MARK, KEY_SHEET, key_cell
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


@dataclass(frozen=True)
class _Grid:
    """The values with the place of their units and inputs, counted from 0."""

    slots: list[Slot]
    areas: dict[int, Area]
    inputs: list[Input]
    rows: dict[int, int]
    columns: dict[int, int]

    @classmethod
    def of(cls, slots: Iterable[Slot]) -> "_Grid":
        """Units as their codes are ordered, inputs in the order of the law."""
        ordered = sorted(slots, key=lambda slot: (slot.assessment.area.sort_key, slot.area_id))
        areas = {slot.area_id: slot.assessment.area for slot in ordered}
        inputs = sorted({slot.input_id: slot.input for slot in ordered}.values(), key=_place_in_the_law)
        rows = {pk: place for place, pk in enumerate(areas)}
        return cls(ordered, areas, inputs, rows, {entry.pk: place for place, entry in enumerate(inputs)})


def _place_in_the_law(entry: Input) -> tuple[int, int, int, int]:
    return entry.indicator.criterion.bit, entry.indicator.ordinal, entry.ordinal, entry.pk


def workbook(opened: Round, slots: list[Slot]) -> bytes:
    """The workbook of these values of the round: one unit or one input as a list, else as a grid."""
    grid, before = _Grid.of(slots), history.values_before(slot.pk for slot in slots)
    book = Book()
    sheet = book.sheet(DATA_SHEET)
    book.put(sheet, 0, 0, f"{opened.criteria_set.name} · {opened.period}", "title")
    book.put(sheet, 1, 0, GUIDE, "guide")
    resolver = resolver_for(opened)
    if len(grid.areas) == 1 or len(grid.inputs) == 1:
        _write_list(book, sheet, grid.slots, before, resolver)
    else:
        _write_grid(book, sheet, grid, resolver)
        _write_before(book, grid, before)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True, "autofilter": True, "sort": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    _write_key(book, opened, grid)
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


def _write_grid(book: Book, sheet: Any, grid: _Grid, resolver: Resolver) -> None:
    first, last = _HEADING_ROW + 1, _HEADING_ROW + len(grid.rows)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 1 + len(grid.inputs), 14)
    sheet.set_row(2, 75)
    _write_headings(book, sheet, grid, resolver)
    _write_units(book, sheet, grid, _HEADING_ROW)
    for entry in grid.inputs:
        if wording.is_yes_no(entry):
            column = 2 + grid.columns[entry.pk]
            book.choices(sheet, (first, last), (column, column), _choices(entry))
    for slot in grid.slots:
        cell = _cell(slot.input, slot.value, slot.not_applicable)
        book.put(sheet, first + grid.rows[slot.area_id], 2 + grid.columns[slot.input_id], cell, _look(slot))
    sheet.freeze_panes(first, 2)


def _write_headings(book: Book, sheet: Any, grid: _Grid, resolver: Resolver) -> None:
    """Name, unit and requirement above each code; a requirement that differs between units is said to."""
    units = resolver.one_of_each_kind(grid.areas)
    for entry in grid.inputs:
        required = {wording.requirement(entry, resolver.threshold_for(entry, unit)) for unit in units}
        level = required.pop() if len(required) == 1 else "theo đơn vị"
        for row, text in enumerate((entry.name, wording.unit(entry), level, entry.code), start=2):
            book.put(sheet, row, 2 + grid.columns[entry.pk], text, "head")


def _write_units(book: Book, sheet: Any, grid: _Grid, heading: int) -> None:
    """Codes and names of the units under their heading, in the first two columns."""
    book.put_row(sheet, heading, _LIST_HEAD[:2], "head")
    for pk, area in grid.areas.items():
        book.put_row(sheet, heading + 1 + grid.rows[pk], (area.code, area.name), "fixed")


def _write_before(book: Book, grid: _Grid, before: dict[int, Decimal]) -> None:
    """The period before, in the same places as in the sheet to fill."""
    sheet = book.sheet(BEFORE_SHEET)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    _write_units(book, sheet, grid, 0)
    for entry in grid.inputs:
        book.put(sheet, 0, 2 + grid.columns[entry.pk], entry.code, "head")
    for slot in grid.slots:
        if slot.pk in before:
            cell = _cell(slot.input, before[slot.pk])
            book.put(sheet, 1 + grid.rows[slot.area_id], 2 + grid.columns[slot.input_id], cell)
    sheet.freeze_panes(1, 2)
    sheet.protect()


def _write_key(book: Book, opened: Round, grid: _Grid) -> None:
    """Which round, which set, and of each value the version that was read and what it held.

    A cell that still holds it was not touched; where it was, an older version is a conflict.
    """
    sheet = book.sheet(KEY_SHEET)
    book.put_row(sheet, 0, (KEY_MARK, opened.pk, opened.criteria_set.slug))
    for entry in grid.inputs:
        book.put(sheet, 1, 1 + grid.columns[entry.pk], entry.code)
    for pk, area in grid.areas.items():
        book.put(sheet, 2 + grid.rows[pk], 0, area.code)
    for slot in grid.slots:
        cell = key_cell(slot.version, slot.value, slot.not_applicable)
        book.put(sheet, 2 + grid.rows[slot.area_id], 1 + grid.columns[slot.input_id], cell)
    sheet.protect()
    sheet.hide()

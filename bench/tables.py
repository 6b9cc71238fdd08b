"""P18 to P20: a province's table in and out, beside the least that could carry the same cells."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import python_calamine
import xlsxwriter
from django.core.cache import cache
from django.db import connection

from accounts import jobs
from accounts.models import Appointment, User
from accounts.roles import Role
from bench.approvals import SET, YEAR
from bench.country import Form, rounds_of
from bench.measure import Figure, against
from bench.places import PROVINCE
from bench.timing import NotRun
from communes.models import Area
from criteria.actions import imports
from criteria.models import Input, Reading, Round, State
from criteria.queries.imports import to_fill
from criteria.workbooks import forms
from criteria.workbooks.slots import Slot

COMMUNES = 200
ROWS = 10_000
_HEADING = ("Mã đơn vị", "Mã nội dung", "Giá trị")


class Tables:
    """Values of one round brought back to drafts, an officer who enters them all, and two tables that differ."""

    def __init__(self) -> None:
        self.round = Round.objects.get(province__code=PROVINCE, period__code=YEAR, criteria_set__slug=SET)
        self.officer, is_new = User.objects.get_or_create(username="bench-enters")
        if is_new:
            Appointment.objects.create(
                user=self.officer,
                role=Role.DISTRICT_OFFICER,
                area=Area.objects.get(code=PROVINCE),
                valid_from=dt.date(2020, 1, 1),
            )
        self.empty()

    def empty(self) -> None:
        """Nothing entered yet, whatever an earlier run left."""
        readings = Reading.objects.filter(assessment__round=self.round)
        readings.update(state=State.DRAFT, value=None, not_applicable=False)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE criteria_reading")

    def slots(self) -> list[Slot]:
        """The values of the first communes, as for a workbook."""
        _, found = to_fill(self.officer, round_id=self.round.pk)
        chosen = set(list(dict.fromkeys(slot.assessment.area_id for slot in found))[:COMMUNES])
        return [slot for slot in found if slot.assessment.area_id in chosen]

    def grid(self, number: int) -> bytes:
        """Units down, codes across, each value other than in the table with the other number."""
        slots = self.slots()
        codes = list(dict.fromkeys(slot.input.code for slot in slots))
        rows: dict[str, dict[str, Any]] = {}
        for slot in slots:
            rows.setdefault(slot.area_code, {})[slot.input.code] = value_of(slot, number)
        return bare([["Mã đơn vị", *codes], *([unit, *(row.get(c) for c in codes)] for unit, row in rows.items())])

    def many_rows(self, number: int, *, bad: bool = False) -> bytes:
        """A row a value; one of them unreadable."""
        rows = [[slot.area_code, slot.input.code, value_of(slot, number)] for slot in self.slots()[:ROWS]]
        if bad:
            rows[len(rows) // 2][2] = "sai"
        return bare([_HEADING, *rows])

    def take_in(self, contents: list[bytes], *, whole: bool = True) -> None:
        """As an officer does it: sent, read by the job, confirmed, written by the job."""
        content = contents.pop(0)
        contents.append(content)
        made = imports.upload(round_id=self.round.pk, name="b.xlsx", chunks=[content], by=self.officer)
        _done(made.job)
        made.refresh_from_db()
        if not whole:
            if not made.faults:
                raise NotRun("the bad row was taken")
            return
        if made.faults or not made.to_write:
            raise NotRun(f"{made.state}: {made.reason or made.faults[:3]}")
        _done(imports.apply(import_id=made.pk, only_good=False, by=self.officer).job)
        made.refresh_from_db()
        if made.applied != made.to_write:
            raise NotRun(made.reason)

    def whole_import(self, rounds: int) -> dict[str, Figure]:
        """P18: the whole way of a table, beside reading its cells and copying them into a table that is kept.

        The notes hold the ratio to a copy into a table that nobody keeps: no key, no log, nothing flushed.
        """
        self.empty()
        contents = [self.grid(0), self.grid(1)]
        times = rounds_of(
            {
                "import": (cache.clear, partial(self.take_in, contents)),
                "floor": (_empty_cells, partial(_read_and_copy, contents[0], "bench_cells")),
                "not kept": (_forgotten_cells, partial(_read_and_copy, contents[0], "bench_forgotten")),
            },
            rounds,
        )
        loose = against(times["import"], times["not kept"])
        notes: dict[str, Any] = {"cells": len(self.slots()), "copy not kept ms": loose.floor, "its ratio": loose.ratio}
        return {"P18": against(times["import"], times["floor"], **notes)}

    def one_bad(self, rounds: int) -> dict[str, Figure]:
        """P19: ten thousand rows, one of them bad, beside the same rows taken in."""
        self.empty()
        clean, bad = [self.many_rows(0), self.many_rows(1)], [self.many_rows(1, bad=True)]
        times = rounds_of(
            {
                "bad": (None, partial(self.take_in, bad, whole=False)),
                "clean": (None, partial(self.take_in, clean)),
            },
            rounds,
        )
        return {"P19": against(times["bad"], times["clean"])}

    def export(self, rounds: int) -> dict[str, Figure]:
        """P20: a prefilled workbook from the database, beside a bare writer with the same cells at hand."""
        sheets = _cells(forms.workbook(self.round, self.slots()))
        at_hand = self.slots()
        given: dict[str, Form] = {
            "export": (None, lambda: _forget(forms.workbook(self.round, self.slots()))),
            "writing": (None, lambda: _forget(forms.workbook(self.round, at_hand))),
            "bare": (None, lambda: _forget(bare(*sheets))),
        }
        times = rounds_of(given, rounds)
        alone = against(times["writing"], times["bare"])
        return {"P20": against(times["export"], times["bare"], **{"values at hand": alone.ratio})}


def _forget(content: bytes) -> None:
    """What is timed hands nothing on."""


def _done(job: Any) -> None:
    ended = jobs.work_here(job)
    if ended.state != ended.State.DONE:
        raise NotRun(f"{ended.kind}: {ended.reason}")


def value_of(slot: Slot, number: int) -> Any:
    """A value of its own for each, and another one in the other table."""
    spread = 5 + slot.pk * 7919 % 490
    if slot.input.value_type == Input.ValueType.BOOLEAN:
        return ("Đạt", "Chưa đạt")[(spread + number) % 2]
    return spread + number if slot.input.value_type == Input.ValueType.COUNT else spread / 5 + number * 0.05


def bare(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """The rows as a workbook, by the writer alone."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write: Callable[..., Any] = sheet.write_string if isinstance(cell, str) else sheet.write_number
                    if cell not in (None, ""):
                        write(number, column, cell)
    return out.getvalue()


def _cells(content: bytes) -> list[list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


_CELLS = "(unit text, code text, value text, PRIMARY KEY (unit, code))"


def _empty_cells() -> None:
    _execute("DROP TABLE IF EXISTS bench_cells", f"CREATE TABLE bench_cells {_CELLS}")


def _forgotten_cells() -> None:
    _execute(
        "DROP TABLE IF EXISTS bench_forgotten", "CREATE TEMP TABLE bench_forgotten (unit text, code text, value text)"
    )


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _read_and_copy(content: bytes, table: str) -> None:
    """Floor of P18: every cell read and copied, nothing looked at."""
    heading, *rows = _cells(content)[0]
    lines = [f"{row[0]}\t{code}\t{cell}\n" for row in rows for code, cell in zip(heading[1:], row[1:], strict=True)]
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("".join(lines)))

"""A table on its way: made in a few lines, sent, read by the job and applied by the job."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import xlsxwriter

from accounts import jobs
from accounts.models import User
from criteria.actions import imports
from criteria.models import Import
from tests.desk.conftest import communes_of as communes_of
from tests.desk.conftest import office as office

HEADING = ["Mã đơn vị", "Tên đơn vị"]


def table(rows: Iterable[Iterable[Any]], change: Callable[[Any, Any], None] | None = None, name: str = "S") -> bytes:
    """A workbook with these rows, written as an officer's program would; `change(book, sheet)` adds oddities."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
        if change:
            change(book, sheet)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _uploads_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def sent(office) -> Callable[..., Import]:
    """`sent(content, by)`: the table taken in and read by its job."""

    def send(content: bytes, by: User, name: str = "bang.xlsx") -> Import:
        made = imports.upload(round_id=office.round.pk, name=name, chunks=[content], by=by)
        jobs.work_here(made.job)
        made.refresh_from_db()
        return made

    return send


@pytest.fixture
def applied() -> Callable[..., Import]:
    """`applied(import_, by)`: confirmed, and written by its job."""

    def apply(made: Import, by: User, *, only_good: bool = False) -> Import:
        found = imports.apply(import_id=made.pk, only_good=only_good, by=by)
        jobs.work_here(found.job)
        made.refresh_from_db()
        return made

    return apply


def messages(made: Import) -> list[str]:
    return [message for *_, message in made.faults]

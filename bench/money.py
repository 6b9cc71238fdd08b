"""M1 to M3: a year of a hundred thousand contributions summed, listed and taken in. To be imported after Django."""

import datetime as dt
import io
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import python_calamine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from accounts import jobs
from accounts.models import Appointment, User
from accounts.roles import Role
from bench.tables import bare
from bench.timing import NotRun, Pair
from communes.models import Area, Level
from criteria.actions import imports
from sponsorship.actions.imports import REGISTER
from sponsorship.models import Contribution, Sponsor
from sponsorship.queries import totals
from sponsorship.workbooks.columns import COLUMNS

Calls = tuple[Callable[[], object], Callable[[], object]]
MANY, FEW, ROWS = 100_000, 100, 10_000
MANY_YEAR, FEW_YEAR = 2022, 2021
_GROUPED = """
    SELECT area_id, channel, kind, SUM(amount), COUNT(*) FROM sponsorship_contribution
    WHERE year = %s GROUP BY area_id, channel, kind
"""


@cache
def _filled() -> None:
    """A year with many entries and one with few, in every commune, by every sponsor of the seed."""
    communes = list(Area.objects.as_of(dt.date(MANY_YEAR, 6, 30)).filter(level=Level.COMMUNE))
    sponsors = list(Sponsor.objects.all())
    for year, count in ((MANY_YEAR, MANY), (FEW_YEAR, FEW)):
        Contribution.objects.bulk_create(
            (
                Contribution(
                    sponsor=sponsors[number % len(sponsors)],
                    area=communes[number * 7 % len(communes)],
                    channel=("assigned", "called", "called_by_districts")[number % 3],
                    year=year,
                    received_on=dt.date(year, 1, 1) + dt.timedelta(days=number % 365),
                    amount=1_000_000 + number,
                    is_illustrative=True,
                )
                for number in range(count)
            ),
            batch_size=500,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def summed(turns: int) -> Calls:
    """The year's totals with every split that the page shows, beside one GROUP BY pass."""
    _filled()
    return _sums, _grouped


def _sums() -> None:
    found = totals.year_totals(MANY_YEAR)
    _ = found.total, found.by_channel, found.by_kind, found.by_source, found.by_district, found.by_area


def _grouped() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, [MANY_YEAR])
        cursor.fetchall()


def listed(turns: int) -> Calls:
    """The first page of a hundred thousand entries, beside that of a hundred."""
    _filled()
    client = Client()
    return partial(client.get, f"/do-dau/so/?nam={MANY_YEAR}"), partial(client.get, f"/do-dau/so/?nam={FEW_YEAR}")


def taken_in(turns: int) -> Calls:
    """Ten thousand rows read, checked and written with their history, beside their cells read and inserted."""
    officer = User.objects.create(username="bench-money", display_name="Bench")
    province = Area.objects.get(code=settings.PROVINCE_CODE)
    Appointment.objects.create(user=officer, role=Role.PROVINCE_OFFICER, area=province, valid_from=dt.date(2020, 1, 1))
    content = _sheet()
    with connection.cursor() as cursor:
        fields = ", ".join(column.field for column in COLUMNS)
        cursor.execute(f"CREATE TABLE bench_cells (id INTEGER PRIMARY KEY, {fields})")
    return lambda: _taken_in(content, officer), lambda: _copied(content)


def _taken_in(content: bytes, by: User) -> None:
    """As an officer does it: sent, read and checked by the job, confirmed, written by the job."""
    made = imports.upload_to(register=REGISTER.code, name="b.xlsx", chunks=[content], by=by)
    _done(made.job)
    _done(imports.apply(import_id=made.pk, only_good=False, by=by).job)
    made.refresh_from_db(fields=["state", "reason", "applied"])
    if made.applied != ROWS:
        raise NotRun(f"{made.state}: {made.reason}")


def _done(job: Any) -> None:
    ended = jobs.work_here(job)
    if ended.state != ended.State.DONE:
        raise NotRun(f"{ended.kind}: {ended.reason}")


def _sheet() -> bytes:
    communes = list(Area.objects.as_of(dt.date(2024, 6, 30)).filter(level=Level.COMMUNE, kind="xa"))
    names = list(Sponsor.objects.filter(is_anonymous=False).values_list("name", flat=True))
    rows = [
        ["20/05/2024", names[n % len(names)], communes[n % len(communes)].code, "Kêu gọi", "tiền", 1_000_000 + n]
        for n in range(ROWS)
    ]
    return bare([[column.heading for column in COLUMNS], *rows])


def _copied(content: bytes) -> None:
    """Floor of M3: every cell read and inserted into a table with a key, committed, nothing looked at."""
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    into = f"INSERT INTO bench_cells ({', '.join(column.field for column in COLUMNS)})"
    marks = ", ".join(["%s"] * len(COLUMNS))
    rows: list[list[Any]] = [[*row, *[None] * (len(COLUMNS) - len(row))] for row in sheet.to_python()[1:]]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"{into} VALUES ({marks})", rows)


PAIRS = {"M1": Pair(summed), "M2": Pair(listed), "M3": Pair(taken_in)}
TURNS = {"M1": 20, "M2": 20, "M3": 5}

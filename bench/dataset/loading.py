"""Writing a generated country: small tables through the ORM, readings by COPY (PostgreSQL) or executemany (SQLite)."""

import contextlib
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role
from bench.dataset import law, territory, values
from bench.dataset.territory import Province
from bench.places import PROVINCE
from bench.scales import Scale
from communes.models import Area
from criteria.actions.rounds import ensure_year
from criteria.models import Assessment, Attainment, CriteriaSet, Period, Round

SEED = "2026"
_BATCH = 2000
_NULL = "\\N"
_TABLE = "criteria_reading"
WRITERS = 4


def load(scale: Scale) -> None:
    """Fill a migrated, empty database."""
    call_command("load_law", verbosity=0)
    provinces = territory.generate(scale)
    periods = [ensure_year(year) for year in scale.years]
    law.fill_gaps(provinces, periods)
    people = values.People({step: _person(f"bench-{step}").pk for step in values.READING_STEPS})
    _writers()
    with _without_indexes():
        for period in periods:
            for province in provinces:
                for criteria_set in law.sets():
                    _load_round(criteria_set, province, period, people)
    _analyse()


def _person(username: str) -> User:
    return User.objects.create(username=username, display_name=username)


def _writers() -> None:
    """Officers of the province who approve in the measures."""
    area = Area.objects.get(code=PROVINCE)
    for number in range(WRITERS):
        Appointment.objects.create(
            user=_person(f"bench-writer-{number}"),
            role=Role.PROVINCE_OFFICER,
            area=area,
            valid_from=dt.date(2020, 1, 1),
        )


@transaction.atomic
def _load_round(criteria_set: CriteriaSet, province: Province, period: Period, people: values.People) -> None:
    opened = Round.objects.create(
        province=province.area,
        period=period,
        criteria_set=criteria_set,
        due_on=period.ends_on,
        opened_at=timezone.now(),
    )
    folders = Assessment.objects.bulk_create(
        [Assessment(round=opened, area=area) for area in province.communes], batch_size=_BATCH
    )
    Attainment.objects.bulk_create([Attainment(assessment=folder) for folder in folders], batch_size=_BATCH)
    rows = values.rows(
        criteria_set=criteria_set,
        province=province,
        period=period,
        folders=[folder.pk for folder in folders],
        people=people,
        seed=SEED,
    )
    _write(row for folder in rows for row in folder)


def _write(rows: Iterable[values.Row]) -> None:
    columns = ", ".join(values.COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO("".join(_line(row) for row in rows))
            cursor.copy_expert(f"COPY {_TABLE} ({columns}) FROM STDIN", text)
            return
        places = ", ".join(["%s"] * len(values.COLUMNS))
        kept: Any = [tuple(str(v) if isinstance(v, Decimal) else v for v in row) for row in rows]
        cursor.executemany(f"INSERT INTO {_TABLE} ({columns}) VALUES ({places})", kept)


def _line(row: values.Row) -> str:
    return "\t".join([_NULL if value is None else str(value) for value in row]) + "\n"


@contextlib.contextmanager
def _without_indexes() -> Iterator[None]:
    """Load first, index afterwards, as a restore does. The rows are right by construction: keys are not asked."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'u'",
            [_TABLE],
        )
        unique = cursor.fetchall()
        for name, _ in unique:
            cursor.execute(f'ALTER TABLE {_TABLE} DROP CONSTRAINT "{name}"')
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [_TABLE])
        indexes = [(name, text) for name, text in cursor.fetchall() if not name.endswith("_pkey")]
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        for name, text in unique:
            cursor.execute(f'ALTER TABLE {_TABLE} ADD CONSTRAINT "{name}" {text}')
        for _, text in indexes:
            cursor.execute(text)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

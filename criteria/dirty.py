"""Marking districts and the province as stale, inside the transaction that makes them so.

The row is the truth and the Celery message only a hint: a lost broker or a doubled message changes nothing.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import hints
from communes.models import Area, Placement, valid_on
from criteria.models import DirtyScope, Period, Round

TASK = "criteria.tasks.recompute_dirty"


def mark(*, area_ids: Iterable[int], period: Period) -> None:
    """Mark every district and the province above the given units (and the units themselves, if they are such)."""
    paths = Placement.objects.filter(valid_on(period.ends_on), area_id__in=set(area_ids)).values_list("path", flat=True)
    codes = {code for path in paths for code in path.strip("/").split("/")}
    above = Area.objects.as_of(period.ends_on).filter(code__in=codes, level__in=("district", "province"))
    _raise_marks([area.pk for area in above], period)


def mark_round(reading_round: Round) -> None:
    """Mark everything above the units of a round."""
    mark(area_ids=reading_round.assessments.values_list("area_id", flat=True), period=reading_round.period)


def mark_recognition(area: Area) -> None:
    """A recognition moves the shares of every period that still has an open round."""
    for period in Period.objects.filter(rounds__closed_on=None).distinct():
        mark(area_ids=[area.pk], period=period)


# One statement, so that no mark is lost beside a job that deletes the row. The rows are taken in the order given.
_RAISE = """
    INSERT INTO criteria_dirtyscope (area_id, period_id, marks, marked_at, failures, reason)
    VALUES {rows}
    ON CONFLICT (area_id, period_id) DO UPDATE SET marks = criteria_dirtyscope.marks + 1
    RETURNING marks
"""


def _raise_marks(area_ids: list[int], period: Period) -> None:
    """Create or raise the marks, sorted, so that two writers take the rows in one order.

    A worker is told of new rows only: one that was told already goes on until nothing is marked, so that many
    approvals in a second are few passes.
    """
    if not area_ids:
        return
    values: list[Any] = []
    for area_id in sorted(area_ids):
        values += [area_id, period.pk, DirtyScope.marked_at.field.get_db_prep_value(timezone.now(), connection)]
    statement = _RAISE.format(rows=", ".join(["(%s, %s, 1, %s, 0, '')"] * len(area_ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        is_new = any(marks == 1 for (marks,) in cursor.fetchall())
    if is_new:
        transaction.on_commit(partial(hints.send, TASK))

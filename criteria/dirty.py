"""Marking districts and the province as stale, inside the transaction that makes them so.

The row is the truth and the Celery message only a hint: a lost broker or a doubled message changes nothing.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import hints
from communes.models import Area, Level
from criteria.models import Period, Round
from criteria.statements import Ids, run

TASK = "criteria.tasks.recompute_dirty"
# One statement, so that no mark is lost beside a job that deletes the row. Two writers take the rows in one order.
# A village stands three levels below the province; nothing stands deeper.
_HELD = "({p}.valid_from IS NULL OR {p}.valid_from <= %(on)s) AND ({p}.valid_to IS NULL OR {p}.valid_to >= %(on)s)"
_RAISE = f"""
    INSERT INTO criteria_dirtyscope (area_id, period_id, marks, marked_at, failures, reason)
    SELECT DISTINCT a.id, %(period)s, 1, %(now)s, 0, ''
    FROM communes_area u
    LEFT JOIN communes_placement p ON p.area_id = u.id AND {_HELD.format(p="p")}
    LEFT JOIN communes_placement pp ON pp.area_id = p.parent_id AND {_HELD.format(p="pp")}
    LEFT JOIN communes_placement ppp ON ppp.area_id = pp.parent_id AND {_HELD.format(p="ppp")}
    JOIN communes_area a ON a.id IN (u.id, p.parent_id, pp.parent_id, ppp.parent_id)
    WHERE u.id {{ids}} AND a.level IN ('district', 'province')
    ORDER BY a.id
    ON CONFLICT (area_id, period_id) DO UPDATE SET marks = criteria_dirtyscope.marks + 1
    RETURNING marks
"""


def mark(*, area_ids: Iterable[int], period: Period, tell: bool = True) -> None:
    """Mark what stands above the units in the period (see `mark_in`)."""
    mark_in(area_ids=area_ids, period_id=period.pk, on=period.ends_on, tell=tell)


def mark_in(*, area_ids: Iterable[int], period_id: int, on: dt.date, tell: bool = True) -> None:
    """Mark every district and province above the units, and the units themselves if they are such.

    `on` is the period's last day, whose tree counts. A worker is told of new rows only: one that was told already goes
    on until nothing is marked, so that many approvals in a second are few passes. None is told where the caller does
    the work itself (`tell`).
    """
    _, rows = run(_RAISE, Ids.of(area_ids), on=on, period=period_id, now=timezone.now())
    if tell and any(marks == 1 for (marks,) in rows):
        transaction.on_commit(partial(hints.send, TASK))


def mark_round(reading_round: Round) -> None:
    """Mark everything above the units of a round."""
    mark(area_ids=reading_round.assessments.values_list("area_id", flat=True), period=reading_round.period)


def mark_open() -> None:
    """Mark every district and province in every period with an open round."""
    for period in Period.objects.filter(rounds__closed_on=None).distinct().order_by("pk"):
        above = Area.objects.as_of(period.ends_on).filter(level__in=(Level.DISTRICT, Level.PROVINCE))
        mark(area_ids=above.values_list("pk", flat=True), period=period, tell=False)


def mark_recognition(*areas: Area) -> None:
    """A recognition moves the shares of every period that still has an open round."""
    for period in Period.objects.filter(rounds__closed_on=None).distinct().order_by("pk"):
        mark(area_ids=[area.pk for area in areas], period=period)

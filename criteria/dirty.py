"""Marking districts and the province as stale, inside the transaction that makes them so.

The row is the truth and the Celery message only a hint: a lost broker or a doubled message changes nothing.
"""

import logging
from collections.abc import Iterable

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from communes.models import Area, Placement, valid_on
from criteria.models import DirtyScope, Period, Round

TASK = "criteria.tasks.recompute_dirty"
logger = logging.getLogger(__name__)


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


def _raise_marks(area_ids: list[int], period: Period) -> None:
    """Create or raise the marks. Sorted, so that two writers take the rows in one order."""
    now = timezone.now()
    rows = [DirtyScope(area_id=pk, period=period, marks=0, marked_at=now) for pk in sorted(area_ids)]
    DirtyScope.objects.bulk_create(rows, ignore_conflicts=True)
    DirtyScope.objects.filter(area_id__in=area_ids, period=period).update(marks=F("marks") + 1)
    transaction.on_commit(_hint)


def _hint() -> None:
    """Tell a worker that there is work. Nothing depends on the message arriving: the sweep finds the row again."""
    try:
        current_app.send_task(TASK, retry=False, ignore_result=True)
    except (OSError, OperationalError):
        logger.warning("The broker did not take the hint; the sweep will find the work.")

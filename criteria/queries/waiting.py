"""A value that waits for a step, with all that its row shows beside it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from communes.models import Level, Placement
from criteria.models import Reading, Threshold
from criteria.queries import history
from criteria.queries.judged import Judged
from criteria.queries.scope import LONG_AGO

_LOADED = (
    "input__indicator__criterion",
    "assessment__area",
    "assessment__round__period",
    "assessment__round__criteria_set",
    "threshold",
    "entered_by",
    "submitted_by",
    "verified_by",
    "appraised_by",
    "approved_by",
    "returned_by",
)


@dataclass(frozen=True)
class Waiting(Judged):
    """One value in the queue."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None
    days: int | None  # None: the last step has no date
    district: str = ""


def waiting_since(row: Reading) -> dt.datetime:
    """When the last step was taken with a row of `waiting_for`."""
    return row.waiting_since  # type: ignore[attr-defined]  # annotated by waiting_for


def with_everything(values: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with all that a row or an item shows."""
    return history.with_previous(values).select_related(*_LOADED)


def as_waiting(rows: list[Reading]) -> list[Waiting]:
    """Rows of `waiting_for` with the period before, the district and the whole days since the last step."""
    before, districts, now = history.previous_of(rows), _districts_of(rows), timezone.now()
    return [
        Waiting(
            reading=row,
            previous=before.get(row.pk),
            threshold=row.threshold,
            days=None if waiting_since(row) == LONG_AGO else (now - waiting_since(row)).days,
            district=districts.get((row.assessment.area_id, row.assessment.round.period_id), ""),
        )
        for row in rows
    ]


def _districts_of(rows: list[Reading]) -> dict[tuple[int, int], str]:
    """(unit, period) → the district it stood in on the period's last day: one query."""
    ends = {
        (row.assessment.area_id, row.assessment.round.period_id): row.assessment.round.period.ends_on for row in rows
    }
    placements = Placement.objects.filter(area_id__in={unit for unit, _ in ends}, parent__level=Level.DISTRICT)
    found = {}
    for placement in placements.annotate(district=F("parent__short_name")):
        start, stop = placement.valid_from or dt.date.min, placement.valid_to or dt.date.max
        for (unit, period), end in ends.items():
            if unit == placement.area_id and start <= end <= stop:
                found[unit, period] = placement.district
    return found

"""Every approved value of a period, a few folders at a time: a million rows take no more memory than a thousand."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone

from criteria.models import Assessment, Input, Reading, State, Verdict
from reports.queries.standpoint import Standpoint

_FOLDERS = 200  # read together; the first of them are sent while the others wait
_YES = "có"
_VERDICTS = {verdict.value: verdict.label for verdict in Verdict}


class _Folder(NamedTuple):
    pk: int
    province: str
    area: str
    name: str
    criteria_set: str


def approved_values(standpoint: Standpoint) -> Iterator[list[Any]]:
    """The rows of the data set `gia-tri`: province by province, set by set, unit by unit, as the rounds were opened."""
    codes = dict(Input.objects.values_list("pk", "code"))
    last = 0
    while folders := _folders_after(standpoint.period_id or 0, last):
        last = folders[-1].pk
        said = {folder.pk: folder[1:] for folder in folders}
        for folder, entry, value, not_applicable, verdict, at, is_illustrative in _values(said):
            yield [
                *said[folder],
                codes[entry],
                "" if value is None else _plain(value),
                _YES if not_applicable else "",
                _VERDICTS[verdict],
                _day(at) if at else "",
                _YES if is_illustrative else "",
            ]


def _plain(value: Decimal) -> int | Decimal:
    """Without noughts at its end, and never as 1E+2."""
    whole = int(value)
    return whole if whole == value else value.normalize()


@lru_cache(4096)
def _day(at: dt.datetime) -> str:
    """Blocks are approved at one moment: few are worked out."""
    return timezone.localdate(at).isoformat()


def _folders_after(period_id: int, pk: int) -> list[_Folder]:
    rows = Assessment.objects.filter(round__period_id=period_id, pk__gt=pk).order_by("pk")
    fields = ("pk", "round__province__code", "area__code", "area__name", "round__criteria_set__slug")
    return [_Folder(*row) for row in rows.values_list(*fields)[:_FOLDERS]]


def _values(folders: dict[int, Any]) -> Iterator[tuple]:
    rows = Reading.objects.filter(assessment_id__in=list(folders), state=State.APPROVED)
    fields = ("assessment_id", "input_id", "value", "not_applicable", "verdict", "approved_at", "is_illustrative")
    return rows.order_by("assessment_id", "input_id").values_list(*fields).iterator(chunk_size=5_000)

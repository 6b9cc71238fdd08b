"""What a cell of a grid says of its panel: its evidence, and whether its thread is open."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from criteria.models import Evidence, Reading, Remark


@dataclass(frozen=True)
class Marks:
    """Files that stand, and open threads."""

    evidence: int
    open_threads: int


def with_marks(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings that carry their marks along in the same statement; `marks_in` reads them."""
    standing = Evidence.objects.filter(reading=OuterRef("pk"), removed_at=None).order_by().values("reading")
    counted = standing.annotate(files=Count("pk")).values("files")
    return with_last_remark(readings).annotate(evidence_count=Coalesce(Subquery(counted), 0))


def with_last_remark(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with kind and moment of the last remark."""
    last = Remark.objects.filter(reading=OuterRef("pk")).order_by("-pk")
    return readings.annotate(
        last_kind=Subquery(last.values("kind")[:1]),
        last_at=Subquery(last.values("at")[:1], output_field=DateTimeField()),
    )


def thread_is_open() -> Q:
    """Condition on readings with their last remark; the same rule as `is_open`."""
    is_returned = Q(returned_at__isnull=False) & (Q(last_at=None) | Q(returned_at__gt=F("last_at")))
    return is_returned | Q(last_kind=Remark.Kind.COMMENT)


def is_open(kind: str | None, at: dt.datetime | None, returned_at: dt.datetime | None) -> bool:
    """A comment opens a thread, and so does a return; the word "done" closes it until the next of them."""
    if returned_at and (at is None or returned_at > at):
        return True
    return kind == Remark.Kind.COMMENT


def marks_in(reading: Reading) -> Marks:
    """The marks that `with_marks` brought along; none where they were not asked for."""
    found = vars(reading)
    opened = is_open(found.get("last_kind"), found.get("last_at"), reading.returned_at)
    return Marks(found.get("evidence_count", 0), int("evidence_count" in found and opened))

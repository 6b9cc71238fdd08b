"""The same value in the period before: one subquery, then one read, whatever the number of rows."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from criteria.models import Reading


def with_previous(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with `previous_id`: the same input of the same unit in the latest earlier period of that kind."""
    return readings.annotate(previous_id=Subquery(_earlier().values("pk")[:1]))


def values_before(reading_ids: Iterable[int]) -> dict[int, Decimal | None]:
    """The value of each reading in the period before, by the reading's id; None where there is none."""
    rows = Reading.objects.filter(pk__in=list(reading_ids)).order_by()
    said = rows.annotate(before=Subquery(_earlier().values("value")[:1])).values("pk", "before")
    return {row["pk"]: row["before"] for row in said}


def _earlier() -> QuerySet[Reading]:
    """The same value in earlier periods of the kind, the latest first."""
    return Reading.objects.filter(
        input_id=OuterRef("input_id"),
        assessment__area_id=OuterRef("assessment__area_id"),
        assessment__round__period__kind=OuterRef("assessment__round__period__kind"),
        assessment__round__period__ends_on__lt=OuterRef("assessment__round__period__ends_on"),
    ).order_by("-assessment__round__period__ends_on")


def previous_of(readings: Iterable[Reading]) -> dict[int, Reading]:
    """The earlier reading of each row annotated by `with_previous`, by the row's id."""
    ids = {row.pk: getattr(row, "previous_id", None) for row in readings}
    found = Reading.objects.select_related("input").in_bulk({pk for pk in ids.values() if pk})
    return {pk: found[earlier] for pk, earlier in ids.items() if earlier}

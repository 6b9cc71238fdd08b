"""The same value in the period before: one subquery, then one read, whatever the number of rows."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from criteria.models import Reading


def with_previous(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with `previous_id`: the same input of the same unit in the latest earlier period of that kind."""
    earlier = Reading.objects.filter(
        input_id=OuterRef("input_id"),
        assessment__area_id=OuterRef("assessment__area_id"),
        assessment__round__period__kind=OuterRef("assessment__round__period__kind"),
        assessment__round__period__ends_on__lt=OuterRef("assessment__round__period__ends_on"),
    ).order_by("-assessment__round__period__ends_on")
    return readings.annotate(previous_id=Subquery(earlier.values("pk")[:1]))


def previous_of(readings: Iterable[Reading]) -> dict[int, Reading]:
    """The earlier reading of each row annotated by `with_previous`, by the row's id."""
    ids = {row.pk: getattr(row, "previous_id", None) for row in readings}
    found = Reading.objects.select_related("input").in_bulk({pk for pk in ids.values() if pk})
    return {pk: found[earlier] for pk, earlier in ids.items() if earlier}

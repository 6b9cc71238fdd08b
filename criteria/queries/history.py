"""The same value in the period before: one subquery, then one read, whatever the number of rows."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from criteria.models import Period, Reading


def with_previous(readings: QuerySet[Reading], *, year_before: bool = False) -> QuerySet[Reading]:
    """Readings with `previous_id`: the same input of the same unit in the latest earlier period of that kind.

    `year_before` adds `year_before_id`: the same in the yearly period before the year.
    """
    found = readings.annotate(previous_id=Subquery(_earlier().values("pk")[:1]))
    return found.annotate(year_before_id=Subquery(_year_before().values("pk")[:1])) if year_before else found


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


def _year_before() -> QuerySet[Reading]:
    """The same value in the yearly period of the year before."""
    return Reading.objects.filter(
        input_id=OuterRef("input_id"),
        assessment__area_id=OuterRef("assessment__area_id"),
        assessment__round__period__kind=Period.Kind.YEAR,
        assessment__round__period__year=OuterRef("assessment__round__period__year") - 1,
    ).order_by("pk")


def previous_of(readings: Iterable[Reading]) -> dict[int, Reading]:
    """The earlier reading of each row annotated by `with_previous`, by the row's id."""
    return _named_by("previous_id", readings)


def year_before_of(readings: Iterable[Reading]) -> dict[int, Reading]:
    """The reading of the year before of each row annotated so by `with_previous`, by the row's id."""
    return _named_by("year_before_id", readings)


def _named_by(attribute: str, readings: Iterable[Reading]) -> dict[int, Reading]:
    ids = {row.pk: getattr(row, attribute, None) for row in readings}
    if not any(ids.values()):
        return {}
    found = Reading.objects.select_related("input").in_bulk({pk for pk in ids.values() if pk})
    return {pk: found[earlier] for pk, earlier in ids.items() if earlier}

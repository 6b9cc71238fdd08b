"""The same value in the period before, in a constant number of statements whatever the number of rows."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from criteria.models import Period, Reading
from criteria.statements import Ids, run


def with_previous(readings: QuerySet[Reading], *, year_before: bool = False) -> QuerySet[Reading]:
    """Readings with `previous_id`: the same input of the same unit in the latest earlier period of that kind.

    `year_before` adds `year_before_id`: the same in the yearly period before the year.
    """
    found = readings.annotate(previous_id=Subquery(_earlier().values("pk")[:1]))
    return found.annotate(year_before_id=Subquery(_year_before().values("pk")[:1])) if year_before else found


def values_before(reading_ids: Iterable[int]) -> dict[int, Decimal]:
    """The value of each reading in the period before, by the reading's id, where there is one."""
    # The latest comes last and stays.
    latest = dict(run(_BEFORE, Ids.of(reading_ids))[1])
    return {pk: _decimal(value) for pk, value in latest.items() if value is not None}


def _decimal(value: Decimal | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


# Folders are found once for all their values: few beside these. An input belongs to one set.
_BEFORE = """
    WITH earlier AS MATERIALIZED (
        SELECT s.id, o.id AS before, q.ends_on
        FROM criteria_assessment s
        JOIN criteria_round d ON d.id = s.round_id JOIN criteria_period p ON p.id = d.period_id
        JOIN criteria_assessment o ON o.area_id = s.area_id
        JOIN criteria_round w ON w.id = o.round_id AND w.criteria_set_id = d.criteria_set_id
        JOIN criteria_period q ON q.id = w.period_id AND q.kind = p.kind AND q.ends_on < p.ends_on
        WHERE s.id IN (SELECT assessment_id FROM criteria_reading WHERE id {ids})
    )
    SELECT r.id, b.value FROM criteria_reading r
    JOIN earlier ON earlier.id = r.assessment_id
    JOIN criteria_reading b ON b.assessment_id = earlier.before AND b.input_id = r.input_id
    WHERE r.id {ids} ORDER BY earlier.ends_on
"""


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

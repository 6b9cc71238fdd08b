"""Which years are closed, and which entries of a year make its published total."""

from django.db.models import QuerySet

from sponsorship.models import Contribution, YearClosing


def closed_years() -> set[int]:
    """The years that stand closed: one statement."""
    return set(YearClosing.objects.filter(reopened_at=None).values_list("year", flat=True))


def closing_of(year: int) -> YearClosing | None:
    """The closing in force of a year."""
    return YearClosing.objects.filter(year=year, reopened_at=None).select_related("closed_by").first()


def counted_in(year: int, closing: YearClosing | None) -> QuerySet[Contribution]:
    """The entries that a year's totals count: all, or those of the published total while it is closed."""
    found = Contribution.objects.filter(year=year)
    return found.filter(pk__lte=closing.through) if closing else found


def written_later(closing: YearClosing) -> QuerySet[Contribution]:
    """The entries against a closed year that its published total does not hold."""
    return Contribution.objects.filter(year=closing.year, pk__gt=closing.through)

"""Which years are closed, and which entries of a year make its published total."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, Value

from sponsorship.models import Contribution, YearClosing

IN_FORCE = YearClosing.objects.filter(reopened_at=None)
_CLOSING = ("year", "published", "through", "closed_at")


@dataclass(frozen=True)
class Years:
    """The years of the ledger, newest first, and the closings in force by their year."""

    known: list[int]
    closings: dict[int, YearClosing]

    @property
    def later(self) -> Q:
        """Condition: an entry was written against a closed year afterwards, so its year's total does not hold it."""
        found = Q(pk__in=[])
        for closing in self.closings.values():
            found |= Q(year=closing.year, pk__gt=closing.through)
        return found


def years_known() -> Years:
    """One statement."""
    number, moment = Value(None, BigIntegerField()), Value(None, DateTimeField())
    open_years = Contribution.objects.order_by().values_list("year", number, number, moment)
    rows = list(IN_FORCE.order_by().values_list(*_CLOSING).union(open_years))
    closings = [YearClosing(**dict(zip(_CLOSING, row, strict=True))) for row in rows if row[1] is not None]
    return Years(sorted({year for year, *_ in rows}, reverse=True), {each.year: each for each in closings})


def closings() -> Years:
    """The closings in force, without the years that stand open: one statement, however large the ledger."""
    found = {closing.year: closing for closing in IN_FORCE.all()}
    return Years(sorted(found, reverse=True), found)


def closed_years() -> set[int]:
    """The years that stand closed: one statement."""
    return set(IN_FORCE.values_list("year", flat=True))


def closing_of(year: int) -> YearClosing | None:
    """The closing in force of a year."""
    return IN_FORCE.filter(year=year).first()


def counted_in(year: int, closing: YearClosing | None) -> QuerySet[Contribution]:
    """The entries that a year's totals count: all, or those of the published total while it is closed."""
    found = Contribution.objects.filter(year=year)
    return found.filter(pk__lte=closing.through) if closing else found


def written_later(closing: YearClosing) -> QuerySet[Contribution]:
    """The entries against a closed year that its published total does not hold."""
    return Contribution.objects.filter(year=closing.year, pk__gt=closing.through)

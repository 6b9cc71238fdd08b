"""Model residential areas and model gardens, counted from the communes' books. Names stay in the books."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Value

from communes.models import ModelGarden, ModelResidentialArea, Placement, valid_on
from reports.queries.standpoint import Standpoint
from reports.queries.units import Unit, placed


@dataclass(frozen=True)
class BookCounts:
    """How many stand on the day that the page looks at."""

    areas: int
    gardens: int
    is_illustrative: bool


@dataclass(frozen=True)
class DwellingRow:
    """A commune-level unit with what its book counts."""

    unit: Unit
    areas: int
    gardens: int


def book_counts(standpoint: Standpoint) -> BookCounts:
    """The province's numbers: one statement."""
    areas, gardens = (_counted(_areas(standpoint), "areas"), _counted(_gardens(standpoint), "gardens"))
    found = {name: (n, made_up) for name, n, made_up in areas.union(gardens)}
    numbers = {name: found.get(name, (0, 0)) for name in ("areas", "gardens")}
    return BookCounts(numbers["areas"][0], numbers["gardens"][0], any(made_up for _, made_up in numbers.values()))


def _counted(rows: QuerySet, name: str) -> QuerySet:
    of = rows.order_by().annotate(of=Value(name)).values_list("of")
    return of.annotate(n=Count("pk"), made_up=Count("pk", filter=Q(is_illustrative=True)))


def dwelling_rows(standpoint: Standpoint) -> list[DwellingRow]:
    """The units that have any, by name: three statements for any number of units."""
    areas, gardens = (_by_unit(rows) for rows in (_areas(standpoint), _gardens(standpoint)))
    units: Iterable[Unit] = placed(standpoint.province, standpoint.units_on)
    rows = [DwellingRow(unit, areas.get(unit.area.pk, 0), gardens.get(unit.area.pk, 0)) for unit in units]
    return [row for row in rows if row.areas or row.gardens]


def _by_unit(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("commune_id").annotate(Count("pk")))


def _areas(standpoint: Standpoint) -> QuerySet:
    return _standing(ModelResidentialArea.objects.all(), standpoint)


def _gardens(standpoint: Standpoint) -> QuerySet:
    return _standing(ModelGarden.objects.all(), standpoint)


def _standing(rows: QuerySet, standpoint: Standpoint) -> QuerySet:
    """Rows of the books of the province's units on the page's day, recognised by its year."""
    on, code = standpoint.units_on, standpoint.province.code if standpoint.province else ""
    inside = Placement.objects.filter(valid_on(on), path__startswith=f"/{code}/").values("area_id")
    return rows.filter(valid_on(on), commune__in=inside, year__lte=on.year)

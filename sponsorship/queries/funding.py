"""The funding of the programme by source line, unit and year; sums of the lines, never figures beside them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.book import reached
from communes.models import Area, Level
from sponsorship import rulebook
from sponsorship.models import Arrears, Funding
from sponsorship.models.funding import MEASURES
from sponsorship.queries.places import places_of

OWED_YEARS = 4


@dataclass
class Amounts:
    """Plan, mobilised, disbursed: in đồng."""

    plan: int = 0
    mobilised: int = 0
    disbursed: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(getattr(self, name) + getattr(other, name) for name in MEASURES))

    @property
    def share(self) -> int | None:
        """Mobilised per cent of the plan."""
        return self.mobilised * 100 // self.plan if self.plan else None


@dataclass(frozen=True)
class Line:
    """`is_said`: somebody entered figures of this line; without any its sums are not nought but unknown."""

    code: str
    name: str
    confidence: str
    amounts: Amounts
    is_said: bool


@dataclass
class UnitRow:
    """A unit's funding of the year; `owed` is what it owed at the end of each year of the table, None: not said."""

    area: Area
    district: Area | None
    amounts: Amounts
    owed: list[int | None]

    @property
    def arrears(self) -> int:
        return self.owed[-1] or 0

    @property
    def has_owed(self) -> bool:
        return any(self.owed)


@dataclass(frozen=True)
class Table:
    """A year's funding: by line, by unit, with the arrears of the year's end."""

    year: int
    lines: list[Line]
    units: list[UnitRow]
    is_illustrative: bool
    owed_years: list[int]
    chosen: Area | None = None

    @property
    def rows(self) -> list[UnitRow]:
        """What the page lists: the communes of a chosen district, else each district as a sum and units without one."""
        if self.chosen:
            return self.units
        together: dict[Any, list[UnitRow]] = defaultdict(list)
        for unit in self.units:
            together[unit.district or unit.area].append(unit)
        return [_summed(area, rows) for area, rows in together.items()]

    @property
    def debtors(self) -> list[UnitRow]:
        """The units that owed something in one of the years."""
        return [unit for unit in self.units if unit.has_owed]

    @property
    def owed(self) -> list[int]:
        """What all units owed at the end of each year."""
        return [sum(unit.owed[place] or 0 for unit in self.units) for place in range(len(self.owed_years))]

    @property
    def total(self) -> Amounts:
        return sum((line.amounts for line in self.lines), Amounts())

    @property
    def arrears(self) -> int:
        return sum(unit.arrears for unit in self.units)


def _place(unit: UnitRow) -> tuple[bool, str, str, int]:
    """The province first, then by district and name."""
    district = unit.district.sort_key if unit.district else ""
    return unit.area.level != Level.PROVINCE, district, unit.area.sort_key, unit.area.pk


def _summed(area: Area, units: list[UnitRow]) -> UnitRow:
    owed = [sum(each or 0 for each in of_year) for of_year in zip(*(unit.owed for unit in units), strict=True)]
    return UnitRow(area, None, sum((unit.amounts for unit in units), Amounts()), list(owed))


def table(year: int, district: str = "") -> Table:
    """All units of a year, or of a district, with what they owed in the years before it: three statements."""
    sums: dict[str, Any] = {name: Sum(name) for name in MEASURES}
    sums["illustrative"] = Count("pk", filter=Q(is_illustrative=True))
    rows = Funding.objects.filter(year=year).order_by().values_list("area_id", "line").annotate(**sums)
    is_illustrative = False
    cells: dict[int, dict[str, Amounts]] = defaultdict(dict)
    for area_id, line, *amounts, illustrative in rows:
        is_illustrative |= illustrative > 0
        cells[area_id][line] = Amounts(*amounts)
    years = list(range(year - OWED_YEARS + 1, year + 1))
    owed: dict[int, dict[int, int]] = defaultdict(dict)
    for area_id, of_year, amount in Arrears.objects.filter(year__in=years).values_list("area_id", "year", "amount"):
        owed[area_id][of_year] = amount
    places = places_of({*cells, *owed})
    shown = []
    by_line: dict[str, Amounts] = defaultdict(Amounts)
    chosen: Area | None = None
    for pk, area in places.units.items():
        where = places.district(pk, year)
        if district and (where is None or where.code != district):
            continue
        chosen = where if district else None
        total = sum(cells[pk].values(), Amounts())
        shown.append(UnitRow(area, where, total, [owed[pk].get(each) for each in years]))
        for line, found in cells[pk].items():
            by_line[line] += found
    lines = [line for line in rulebook.rules().lines if line.holds_in(year) or line.code in by_line]
    return Table(
        year,
        [_line(line, by_line) for line in lines],
        sorted(shown, key=_place),
        is_illustrative,
        years,
        chosen,
    )


def _line(line: rulebook.Dated, by_line: dict[str, Amounts]) -> Line:
    found = by_line.get(line.code)
    return Line(line.code, line.name, line.confidence, found or Amounts(), found is not None)


@dataclass(frozen=True)
class Sheet:
    """One unit's figures of a year as they stand, to be filled in."""

    area: Area
    year: int
    lines: list[rulebook.Dated]
    stored: dict[str, Funding]
    arrears: Arrears | None


def sheet(user: User, area_id: int, year: int) -> Sheet:
    """For somebody who writes the unit's ledger; absent for anybody else."""
    area = Area.objects.filter(pk=area_id).first()
    if area is None or not reached(user, Permission.KEEP_LEDGER, area):
        raise OutOfScope
    stored = {row.line: row for row in Funding.objects.filter(area=area, year=year)}
    return Sheet(area, year, rulebook.lines_in(year), stored, Arrears.objects.filter(area=area, year=year).first())


def years() -> list[int]:
    """Years with figures and this one, newest first."""
    found: Any = Funding.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*found, timezone.localdate().year}, reverse=True)

"""The funding of the programme by source line, unit and year; sums of the lines, never figures beside them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.book import reached
from communes.models import Area, Level
from sponsorship import rulebook
from sponsorship.models import Arrears, Funding
from sponsorship.models.funding import MEASURES


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
    code: str
    name: str
    confidence: str
    amounts: Amounts


@dataclass
class UnitRow:
    area: Area
    amounts: Amounts = field(default_factory=Amounts)
    arrears: int = 0


@dataclass(frozen=True)
class Table:
    """A year's funding: by line, by unit, with the arrears of the year's end."""

    year: int
    lines: list[Line]
    units: list[UnitRow]
    is_illustrative: bool

    @property
    def total(self) -> Amounts:
        return sum((line.amounts for line in self.lines), Amounts())

    @property
    def arrears(self) -> int:
        return sum(unit.arrears for unit in self.units)


def table(year: int) -> Table:
    """All units of a year: three statements."""
    sums = {name: Sum(name) for name in MEASURES}
    rows = Funding.objects.filter(year=year).order_by().values_list("area_id", "line").annotate(**sums)
    by_line: dict[str, Amounts] = defaultdict(Amounts)
    units: dict[int, Amounts] = defaultdict(Amounts)
    for area_id, line, *amounts in rows:
        by_line[line] += Amounts(*amounts)
        units[area_id] += Amounts(*amounts)
    owed = dict(Arrears.objects.filter(year=year).values_list("area_id", "amount"))
    areas = Area.objects.in_bulk({*units, *owed})
    shown = [UnitRow(area, units[pk], owed.get(pk, 0)) for pk, area in areas.items()]
    lines = [line for line in rulebook.rules().lines if line.holds_in(year) or line.code in by_line]
    return Table(
        year,
        [Line(line.code, line.name, line.confidence, by_line[line.code]) for line in lines],
        sorted(shown, key=lambda unit: (unit.area.level != Level.PROVINCE, unit.area.sort_key, unit.area.pk)),
        Funding.objects.filter(year=year, is_illustrative=True).exists(),
    )


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

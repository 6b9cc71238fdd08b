"""Reconciliation: every total is the sum of its parts to the đồng, because it is computed as that sum.

A year's totals count money received and workdays, goods and land at their stated conversion, never pledges. While the
year is closed they count the entries of its published total; what came later is told apart as the difference.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet, Sum, Value

from accounts.scope import Actor
from communes.models import Area, Level
from sponsorship import rulebook
from sponsorship.models import Contribution, Sponsor, YearClosing
from sponsorship.queries import naming
from sponsorship.queries.places import Places, places_of
from sponsorship.queries.years import Years, closing_of, closings, counted_in, written_later

NO_DISTRICT = "Cấp xã, không còn cấp huyện"
WHOLE_PROVINCE = "Toàn tỉnh"


@dataclass(frozen=True)
class Part:
    """A part of a total: its key in addresses, its name, its đồng and how many entries it is the sum of."""

    key: str
    name: str
    amount: int
    entries: int


@dataclass(frozen=True)
class Cell:
    """The smallest part of a year's total: unit, channel, kind, and kind of the sponsor (the source)."""

    area_id: int
    channel: str
    kind: str
    source: str
    amount: int
    entries: int


@dataclass(frozen=True)
class YearTotals:
    """A year of the ledger. `cells` are disjoint and complete: every sum below is a sum of them."""

    year: int
    closing: YearClosing | None
    cells: tuple[Cell, ...]
    places: Places
    entered: tuple[int, int] = (0, 0)  # the same sum and number of entries, added up by the database
    written_later: tuple[int, int] = (0, 0)

    @property
    def later(self) -> int:
        """What was written against the closed year afterwards: the difference to its published total."""
        return self.written_later[0]

    @property
    def later_entries(self) -> int:
        return self.written_later[1]

    @property
    def difference(self) -> int:
        """Between the two ways of adding up; nothing, or something is wrong."""
        return self.entered[0] - self.total

    @property
    def agrees(self) -> bool:
        return self.entered == (self.total, self.entries)

    @property
    def total(self) -> int:
        return sum(cell.amount for cell in self.cells)

    @property
    def entries(self) -> int:
        return sum(cell.entries for cell in self.cells)

    @property
    def by_channel(self) -> list[Part]:
        names = {channel.code: channel.name for channel in rulebook.rules().channels}
        return _in_order(self._parts(lambda cell: (cell.channel, names[cell.channel])), names)

    @property
    def terms(self) -> list[Part]:
        """The channels by their short names: the sum as it is read aloud."""
        return [replace(part, name=rulebook.channel(part.key).short) for part in self.by_channel]

    @property
    def by_kind(self) -> list[Part]:
        names = dict(Contribution.Kind.choices)
        return _in_order(self._parts(lambda cell: (cell.kind, names[cell.kind])), names)

    @property
    def by_source(self) -> list[Part]:
        names = dict(Sponsor.Kind.choices)
        return _in_order(self._parts(lambda cell: (cell.source, names[cell.source])), names)

    @property
    def by_district(self) -> list[Part]:
        """By the district of the year's first day; what has none stands in lines of its own."""
        return _by_size(self._parts(self._district))

    @property
    def by_area(self) -> list[Part]:
        """By the unit that the money went to: communes, and what went to a district as a whole."""
        return _by_size(self._parts(lambda cell: (str(cell.area_id), self.places.units[cell.area_id].name)))

    def _district(self, cell: Cell) -> tuple[str, str]:
        district = self.places.district(cell.area_id, self.year)
        if district:
            return district.code, district.name
        is_province = self.places.units[cell.area_id].level == Level.PROVINCE
        return ("tinh", WHOLE_PROVINCE) if is_province else ("xa", NO_DISTRICT)

    def _parts(self, key: Callable[[Cell], tuple[str, str]]) -> list[Part]:
        amounts: Counter[tuple[str, str]] = Counter()
        entries: Counter[tuple[str, str]] = Counter()
        for cell in self.cells:
            found = key(cell)
            amounts[found] += cell.amount
            entries[found] += cell.entries
        return [Part(*found, amount, entries[found]) for found, amount in amounts.items()]

    def area(self, area_id: int) -> Area:
        return self.places.units[area_id]


def _in_order(parts: list[Part], names: Iterable[str]) -> list[Part]:
    place = {name: number for number, name in enumerate(names)}
    return sorted(parts, key=lambda part: place[part.key])


def _by_size(parts: list[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (-part.amount, part.name, part.key))


ENTERED, LATER = "entered", "later"


def year_totals(year: int, *, years: Years | None = None, places: Places | None = None) -> YearTotals:
    """The year from the ledger: its cells, and their sum once more, at one moment; two small statements beside it."""
    closing = years.closings.get(year) if years else closing_of(year)
    found = counted_in(year, closing)
    parts = _summed(found, "area_id", "channel", "kind", "sponsor__kind")
    whole = [_summed(found, "year", Value(ENTERED), Value(""), Value(""))]
    if closing:
        whole.append(_summed(written_later(closing), "year", Value(LATER), Value(""), Value("")))
    cells, sums = [], {}
    for row in parts.union(*whole, all=True):
        if row[1] in (ENTERED, LATER):
            sums[row[1]] = (row[4], row[5])
        else:
            cells.append(Cell(*row))
    places = places or places_of(cell.area_id for cell in cells)
    return YearTotals(year, closing, tuple(cells), places, sums.get(ENTERED, (0, 0)), sums.get(LATER, (0, 0)))


def _summed(found: QuerySet[Contribution], *keys: str | Value) -> Any:
    return found.order_by().values_list(*keys).annotate(amount=Sum("amount"), entries=Count("pk"))


def counted() -> QuerySet[Contribution]:
    """The entries of all years that count in their years' totals: one statement beside the caller's."""
    return Contribution.objects.exclude(closings().later)


def by_year(found: QuerySet[Contribution] | None = None) -> list[Part]:
    """The total of each year, newest first."""
    rows = (counted() if found is None else found).order_by().values_list("year")
    parts = [Part(str(year), str(year), *rest) for year, *rest in rows.annotate(Sum("amount"), Count("pk"))]
    return sorted(parts, key=lambda part: -int(part.key))


def by_criterion(year: int) -> list[Part]:
    """By the criterion whose gap the money closes; what names none stands in a line of its own."""
    rows = counted_in(year, closing_of(year)).order_by().values_list("criterion__code", "criterion__name")
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for code, name, amount, entries in rows.annotate(Sum("amount"), Count("pk")):
        cell = sums[(code, f"Tiêu chí {code}: {name}") if code else ("", "Không gắn tiêu chí")]
        cell[0] += amount
        cell[1] += entries
    return _by_size([Part(*key, *sums[key]) for key in sums])


def by_sponsor(year: int, user: Actor) -> list[Part]:
    """By sponsor; all who are not named to this person stand in one line."""
    rows: Any = naming.named_for(counted_in(year, closing_of(year)), user).order_by()
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    grouped = rows.values_list("sponsor_id", "sponsor__name", "may_name").annotate(Sum("amount"), Count("pk"))
    for pk, name, is_named, amount, entries in grouped:
        cell = sums[(str(pk), name) if is_named else ("", naming.NOT_NAMED)]
        cell[0] += amount
        cell[1] += entries
    return _by_size([Part(*key, *sums[key]) for key in sums])

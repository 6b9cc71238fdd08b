"""The tiers that units hold by decision, from one reading of the recognitions: by any year, and what a year brought."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from communes.models import Area, AreaChange, Placement
from criteria.models import Recognition
from criteria.queries.recognition import known_by

TIER_ORDER = ("ntm", "completed", "urban-civilised", "advanced", "model")


@dataclass
class Holdings:
    """Who holds which tier by decision, by results up to the period's year as known by the date looked from."""

    by_unit: dict[int, dict[str, Recognition]] = field(default_factory=dict)

    def of(self, area_id: int) -> dict[str, Recognition]:
        return self.by_unit.get(area_id, {})

    def has(self, area_id: int, tier: str) -> bool:
        return tier in self.of(area_id)

    def highest(self, area_id: int) -> Recognition | None:
        """The recognition of the highest tier held."""
        held = self.of(area_id)
        return next((held[tier] for tier in reversed(TIER_ORDER) if tier in held), None)

    def count(self, areas: Iterable[Area], tier: str) -> int:
        return sum(self.has(area.pk, tier) for area in areas)


@dataclass(frozen=True)
class Ledger:
    """Every recognition and revocation of the province that the date looked from knows, in the order of counting."""

    rows: tuple[Recognition, ...]
    moved: tuple[tuple[int, int], ...]

    @cached_property
    def standing(self) -> list[Recognition]:
        """Grants and carry-overs that no later revocation has ended: `criteria.queries.recognition.holding`."""
        ended: dict[tuple[int, str], dt.date] = {}
        for row in self.rows:
            if row.act == Recognition.Act.REVOKED and row.counts_from:
                ended[row.area_id, row.tier] = row.counts_from  # in order: the last one stays
        given = (row for row in self.rows if row.act != Recognition.Act.REVOKED)
        return [row for row in given if (key := (row.area_id, row.tier)) not in ended or ended[key] < _from(row)]

    def known_by(self, day: dt.date | None) -> "Ledger":
        """As it was known on an earlier day: what a closed year's shares were counted from."""
        if day is None:
            return self
        return Ledger(tuple(row for row in self.rows if row.counts_from is None or row.counts_from <= day), self.moved)

    def up_to(self, year: int) -> Holdings:
        """What is held by results up to `year`."""
        found = Holdings()
        for row in self.standing:
            if _counts_in(row, year):
                found.by_unit.setdefault(row.area_id, {})[row.tier] = row
        for old_id, new_id in self.moved:
            if old_id in found.by_unit:
                found.by_unit[new_id] = found.by_unit[old_id] | found.of(new_id)
        return found

    def granted(self, tier: str, year: int, level: str) -> list[Recognition]:
        """First grants with the result of `year`; carry-overs after a merger are not among them."""
        granted = Recognition.Act.GRANTED
        of_year = (row for row in self.standing if row.result_year == year and row.act == granted)
        return [row for row in of_year if row.tier == tier and row.area.level == level]


def _from(row: Recognition) -> dt.date:
    return row.counts_from or dt.date.min


def _counts_in(row: Recognition, year: int) -> bool:
    if row.result_year is not None:
        return row.result_year <= year
    return row.counts_from is None or row.counts_from <= dt.date(year, 12, 31)


def ledger(province: Area | None, as_of: dt.date | None) -> Ledger:
    """The province's recognitions: two statements. A unit that only changed its district stays the same unit."""
    if province is None:
        return Ledger((), ())
    inside = Placement.objects.filter(path__startswith=f"/{province.code}/").values("area_id")
    rows = Recognition.objects.filter(known_by(as_of), area__in=inside).select_related("decision", "area")
    moved = AreaChange.objects.filter(change=AreaChange.Change.DISTRICT_TRANSFER, new__isnull=False)
    return Ledger(
        tuple(sorted(rows, key=lambda row: (_from(row), row.pk))),
        tuple(moved.values_list("old_id", "new_id")),
    )

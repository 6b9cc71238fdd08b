"""The tiers that units hold by decision, from one reading of the recognitions: by any year, and what a year brought."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from communes.models import Area, AreaChange, Placement
from criteria.models import Recognition
from criteria.queries.recognition import holding

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
    """Every recognition of the province that stands, as decided by the date looked from, in the order of counting."""

    rows: tuple[Recognition, ...]
    moved: tuple[tuple[int, int], ...]

    def up_to(self, year: int) -> Holdings:
        """What is held by results up to `year`: `criteria.queries.recognition.holding`, without a further read."""
        found = Holdings()
        for row in self.rows:
            if _counts_in(row, year):
                found.by_unit.setdefault(row.area_id, {})[row.tier] = row
        for old_id, new_id in self.moved:
            if old_id in found.by_unit:
                found.by_unit[new_id] = found.by_unit[old_id] | found.of(new_id)
        return found

    def granted(self, tier: str, year: int, level: str) -> list[Recognition]:
        """First grants with the result of `year`; carry-overs after a merger are not among them."""
        granted = Recognition.Act.GRANTED
        of_year = (row for row in self.rows if row.result_year == year and row.act == granted)
        return [row for row in of_year if row.tier == tier and row.area.level == level]


def _counts_in(row: Recognition, year: int) -> bool:
    if row.result_year is not None:
        return row.result_year <= year
    return row.counts_from is None or row.counts_from <= dt.date(year, 12, 31)


def ledger(province: Area | None, as_of: dt.date | None) -> Ledger:
    """The province's recognitions: two statements. A unit that only changed its district stays the same unit."""
    if province is None:
        return Ledger((), ())
    inside = Placement.objects.filter(path__startswith=f"/{province.code}/").values("area_id")
    rows = holding(decided_by=as_of).filter(area__in=inside).select_related("decision", "area")
    moved = AreaChange.objects.filter(change=AreaChange.Change.DISTRICT_TRANSFER, new__isnull=False)
    return Ledger(
        tuple(sorted(rows, key=lambda row: (row.counts_from or dt.date.min, row.pk))),
        tuple(moved.values_list("old_id", "new_id")),
    )

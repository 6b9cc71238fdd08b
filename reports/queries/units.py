"""The units of a date with the district they stand in, and the tiers that they hold by decision."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from communes.models import Area, AreaChange, Kind, Level, Placement, valid_on
from criteria.models import Recognition
from criteria.queries.recognition import holding

TIER_ORDER = ("ntm", "completed", "urban-civilised", "advanced", "model")


@dataclass(frozen=True)
class Unit:
    """A unit below the province and the district it stands in (None from 1 July 2025)."""

    area: Area
    district: Area | None


def placed(province: Area | None, on: dt.date, level: str = Level.COMMUNE) -> list[Unit]:
    """Units of `level` in the province on the date, by name: one query."""
    if province is None:
        return []
    rows = (
        Placement.objects.filter(valid_on(on), valid_on(on, "area__"))
        .filter(path__startswith=f"/{province.code}/", area__level=level)
        .select_related("area", "parent")
        .order_by("area__sort_key", "area_id")
    )
    return [Unit(row.area, row.parent if _is_district(row.parent) else None) for row in rows]


def _is_district(parent: Area | None) -> bool:
    return parent is not None and parent.level == Level.DISTRICT


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


def holdings(*, year: int, as_of: dt.date | None) -> Holdings:
    """Every recognition in force by results up to `year`, as decided by `as_of`: one query a tier, and one."""
    found = Holdings()
    for tier in TIER_ORDER:
        rows = holding(tier=tier, up_to_year=year, decided_by=as_of)
        for row in rows.select_related("decision").order_by("counts_from", "pk"):
            found.by_unit.setdefault(row.area_id, {})[tier] = row
    for old_id, new_id in _moved().values_list("old_id", "new_id"):
        if old_id in found.by_unit:
            found.by_unit[new_id] = found.by_unit[old_id] | found.of(new_id)
    return found


def _moved() -> QuerySet[AreaChange]:
    """A unit that only changed its district stays the same unit, though the register gives it a new date."""
    return AreaChange.objects.filter(change=AreaChange.Change.DISTRICT_TRANSFER, new__isnull=False)


def is_rural(area: Area) -> bool:
    """A xã: what the commune sets and their shares count."""
    return area.kind == Kind.COMMUNE

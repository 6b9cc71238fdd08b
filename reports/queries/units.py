"""The units of a date with the district they stand in."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from communes.models import Area, Kind, Level, Placement, valid_on


@dataclass(frozen=True)
class Unit:
    """A unit below the province and the district it stands in (None from 1 July 2025)."""

    area: Area
    district: Area | None


@dataclass(frozen=True)
class Territory:
    """The communes and districts of one day, by name."""

    communes: list[Unit]
    districts: list[Unit]

    @property
    def district_areas(self) -> list[Area]:
        return [unit.area for unit in self.districts]

    @property
    def areas(self) -> list[Area]:
        return self.district_areas + [unit.area for unit in self.communes]


def territory_on(province: Area | None, *days: dt.date) -> dict[dt.date, Territory]:
    """The province's units on each of the days: one statement."""
    placements = _placements(province, set(days))
    return {
        day: Territory(
            [_unit(row) for row in placements if row.area.level == Level.COMMUNE and _stands(row, day)],
            [_unit(row) for row in placements if row.area.level == Level.DISTRICT and _stands(row, day)],
        )
        for day in days
    }


def placed(province: Area | None, on: dt.date, level: str = Level.COMMUNE) -> list[Unit]:
    """Units of `level` in the province on the date, by name: one statement."""
    found = territory_on(province, on)[on]
    return found.districts if level == Level.DISTRICT else found.communes


def _placements(province: Area | None, days: set[dt.date]) -> list[Placement]:
    if province is None:
        return []
    any_day = Q(pk__in=[])
    for day in days:
        any_day |= Q(valid_on(day), valid_on(day, "area__"))
    rows = Placement.objects.filter(any_day, area__level__in=(Level.COMMUNE, Level.DISTRICT))
    below = rows.filter(path__startswith=f"/{province.code}/").select_related("area", "parent")
    return list(below.order_by("area__sort_key", "area_id"))


def _unit(row: Placement) -> Unit:
    return Unit(row.area, row.parent if row.parent and row.parent.level == Level.DISTRICT else None)


def _stands(row: Placement, day: dt.date) -> bool:
    spans = ((row.valid_from, row.valid_to), (row.area.valid_from, row.area.valid_to))
    return all((start is None or start <= day) and (end is None or day <= end) for start, end in spans)


def is_rural(area: Area) -> bool:
    """A xã: what the commune sets and their shares count."""
    return area.kind == Kind.COMMUNE

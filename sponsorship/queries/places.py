"""The district that an entry's unit stood in when the year began: the rule of every sum, list and filter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from communes.models import Area, Level, Placement
from sponsorship.models import Contribution


@dataclass(frozen=True)
class Places:
    """Units and, for each, the district that it stood in; None after the district level, or for the province."""

    units: dict[int, Area]
    placements: dict[int, list[Placement]]

    def district(self, area_id: int, year: int) -> Area | None:
        """The district of a unit by the tree of the year's first day, or of the unit's own first day."""
        unit = self.units[area_id]
        if unit.level == Level.DISTRICT:
            return unit
        day = max(dt.date(year, 1, 1), unit.valid_from or dt.date.min)
        for placed in self.placements[area_id]:
            if _stands(placed, day) and placed.parent and placed.parent.level == Level.DISTRICT:
                return placed.parent
        return None

    def path(self, area_id: int, on: dt.date) -> str:
        """Where a unit stood on a day; empty where it stood nowhere."""
        found = (placed.path for placed in self.placements.get(area_id, ()) if _stands(placed, on))
        return next(found, "")

    def within(self, area_id: int, above: "Places", on: dt.date) -> bool:
        """Whether a unit stood on a day at or below one of the units above that existed then."""
        paths = [above.path(pk, on) for pk, unit in above.units.items() if _stands(unit, on)]
        return any(path and self.path(area_id, on).startswith(path) for path in paths)


def _stands(row: Area | Placement, on: dt.date) -> bool:
    return (row.valid_from or dt.date.min) <= on <= (row.valid_to or dt.date.max)


def places_of(area_ids: Iterable[int] | None = None) -> Places:
    """The units with where they stood, or every unit of the province and whatever else money went to: one statement."""
    placements: dict[int, list[Placement]] = defaultdict(list)
    units: dict[int, Area] = {}
    every = Q(path__startswith=f"/{settings.PROVINCE_CODE}/") | Q(area__in=Contribution.objects.values("area"))
    wanted = every if area_ids is None else Q(area_id__in=set(area_ids))
    for placed in Placement.objects.filter(wanted).select_related("area", "parent"):
        placements[placed.area_id].append(placed)
        units[placed.area_id] = placed.area
    return Places(units, placements)

"""The district that an entry's unit stood in when the year began: the rule of every sum, list and filter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from communes.models import Area, Level, Placement


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
            stands = (placed.valid_from or dt.date.min) <= day <= (placed.valid_to or dt.date.max)
            if stands and placed.parent and placed.parent.level == Level.DISTRICT:
                return placed.parent
        return None


def places_of(area_ids: Iterable[int]) -> Places:
    """The units with where they stood: one statement."""
    placements: dict[int, list[Placement]] = defaultdict(list)
    units: dict[int, Area] = {}
    for placed in Placement.objects.filter(area_id__in=set(area_ids)).select_related("area", "parent"):
        placements[placed.area_id].append(placed)
        units[placed.area_id] = placed.area
    return Places(units, placements)

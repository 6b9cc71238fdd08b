"""Products on the map of today: a point for each unit, as large as its products are many."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.conf import settings
from django.db.models import Count, F, QuerySet

from communes.models import Area, AreaChange, Level, Placement
from communes.outlines import map_on

_SMALLEST, _GROWTH = 7.0, 4.2


@dataclass(frozen=True)
class Point:
    """A unit of today with its products. `x`, `y`, `radius` are of the view box."""

    name: str
    number: int
    x: int
    y: int
    radius: float


@dataclass(frozen=True)
class Points:
    """The land, and the points on it, the largest first so that none hides another."""

    view_box: str
    land: list[str]
    points: list[Point]
    placed: int
    source: str

    @property
    def largest(self) -> list[Point]:
        return self.points[:5]


def points(held: QuerySet[Any], on: dt.date) -> Points | None:
    """None on a day without a drawn map. Three statements.

    A product of a commune that was divided stands in the unit that took over most of its changes first.
    """
    drawn = map_on(on)
    if drawn is None:
        return None
    own = Placement.objects.filter(path__startswith=f"/{settings.PROVINCE_CODE}/").values("area_id")
    units = {area.pk: area for area in Area.objects.as_of(on).filter(level=Level.COMMUNE, pk__in=own)}
    leads_to = _leads_to()
    numbers: Counter[str] = Counter()
    for area_id, number in held.order_by().values_list("area_id").annotate(n=Count("pk")):
        unit = units.get(_today(area_id, set(units), leads_to))
        if unit:
            numbers[unit.code] += number
    places = {outline.code: outline for outline in drawn.outlines}
    names = {area.code: area.name for area in units.values()}
    found = [
        Point(names[code], number, places[code].x, places[code].y, round(_SMALLEST + _GROWTH * sqrt(number), 1))
        for code, number in numbers.items()
        if code in places
    ]
    found.sort(key=lambda point: (-point.number, point.name))
    land = [outline.path for outline in drawn.outlines]
    placed = sum(point.number for point in found)
    return Points(f"-20 -20 {drawn.width + 40} {drawn.height + 40}", land, found, placed, drawn.source)


def _leads_to() -> dict[int, list[int]]:
    """Unit → the units that took it over, whole ones before parts."""
    found = defaultdict(list)
    changes = AreaChange.objects.filter(new__isnull=False).exclude(old=F("new"))
    for old, new in changes.order_by("is_partial", "effective_on", "id").values_list("old_id", "new_id"):
        found[old].append(new)
    return found


def _today(area_id: int, today: set[int], leads_to: dict[int, list[int]]) -> int:
    """The first unit of today that is reached from a unit; 0 where none is."""
    queue, seen = [area_id], {area_id}
    for current in queue:
        if current in today:
            return current
        fresh = [pk for pk in leads_to.get(current, []) if pk not in seen]
        seen.update(fresh)
        queue += fresh
    return 0

"""Reads of the territory as it stood on a date."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from communes.models import Area, Placement, valid_on


def placement_of(area: Area, on: dt.date) -> Placement | None:
    """Where `area` stands on the date `on`."""
    return Placement.objects.filter(valid_on(on), area=area).select_related("parent").first()


def paths_on(area_ids: Iterable[int], on: dt.date) -> list[str]:
    """Paths of the given units that exist on `on`; a unit that had ended by then gives none."""
    placed = Placement.objects.filter(valid_on(on), valid_on(on, "area__"), area_id__in=set(area_ids))
    return list(placed.values_list("path", flat=True))


def under(paths: Iterable[str], prefix: str = "") -> Q:
    """Condition on placements: standing at or below one of `paths`. No path matches nothing."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{prefix}path__startswith": path})
    return condition


def areas_within(area_ids: Iterable[int], on: dt.date) -> QuerySet[Area]:
    """Units at or below the given ones on `on`: what a scope reaches."""
    placed = Placement.objects.filter(valid_on(on)).filter(under(paths_on(area_ids, on)))
    return Area.objects.as_of(on).filter(id__in=placed.values("area_id"))

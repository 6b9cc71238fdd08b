"""Reads of the territory as it stood on a date, and of what became of its units. A constant number of queries each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from communes.models import Area, AreaChange, Placement, valid_on
from communes.text import search_key


def placement_of(area: Area, on: dt.date) -> Placement | None:
    """Where `area` stands on the date `on`."""
    return Placement.objects.filter(valid_on(on), area=area).select_related("parent").first()


def paths_on(area_ids: Iterable[int], on: dt.date) -> list[str]:
    """Paths of the given units that exist on `on`; a unit that had ended by then gives none."""
    placed = Placement.objects.filter(valid_on(on), valid_on(on, "area__"), area_id__in=set(area_ids))
    return list(placed.values_list("path", flat=True))


def path_of(area_ids: Iterable[int], on: dt.date) -> dict[int, str]:
    """Where each of the units stands on `on`, by its id; one that stood nowhere is left out."""
    placed = Placement.objects.filter(valid_on(on), area_id__in=set(area_ids))
    return dict(placed.values_list("area_id", "path"))


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


def area_by_code(code: str, on: dt.date) -> Area:
    """The unit that `code` named on the date `on`; raises Area.DoesNotExist. Codes are re-used: the date matters."""
    return Area.objects.as_of(on).get(code=code)


def children_of(area: Area, on: dt.date, kinds: Iterable[str] | None = None) -> QuerySet[Area]:
    """Units directly below `area` on `on`, in Vietnamese order; `kinds` narrows."""
    placed = Placement.objects.filter(valid_on(on), parent=area)
    children = Area.objects.as_of(on).filter(id__in=placed.values("area_id"))
    return children if kinds is None else children.filter(kind__in=list(kinds))


def counts_by_kind(on: dt.date, within: Area | None = None) -> dict[str, int]:
    """How many units of each kind exist on `on` (in and below `within`, if given), by the kind's code."""
    areas = Area.objects.as_of(on) if within is None else Area.objects.as_of(on).within(within, on)
    return dict(areas.order_by().values_list("kind").annotate(Count("id")))


def matching(text: str, on: dt.date) -> QuerySet[Area]:
    """Units of `on` whose name holds `text` as typed, with or without diacritics, or whose code is `text`."""
    key = search_key(text)
    return Area.objects.as_of(on).filter(Q(search_key__contains=key) | Q(code=key)) if key else Area.objects.none()


def changes_into(area: Area) -> QuerySet[AreaChange]:
    """The changes that made `area` out of others, oldest first; its own continuation is none of them."""
    return area.changes_in.exclude(old=F("new")).select_related("old")


def changes_out_of(area: Area) -> QuerySet[AreaChange]:
    """What became of `area`, a level's end without successor included; its own continuation is none of them."""
    return area.changes_out.exclude(new=F("old")).select_related("new")


def predecessors(area: Area) -> list[Area]:
    """Every unit that `area` came from, wholly or in part, however far back; the latest first."""
    return _reached(area, _links(lambda change: (change[1], change[0])))


def successors_on(area: Area, on: dt.date | None = None) -> list[Area]:
    """The units of `on` (today by default) that hold what was `area`: itself while it exists, many after a split."""
    return all_successors_on([area], on)[area.pk]


def all_successors_on(areas: Iterable[Area], on: dt.date | None = None) -> dict[int, list[Area]]:
    """`successors_on` of many units at once, by the unit's id: two statements."""
    on, links, starts = on or timezone.localdate(), _links(lambda change: change), list(areas)
    reached = {area.pk: _walk(area.pk, links) for area in starts}
    found = {
        **Area.objects.in_bulk({pk for ids in reached.values() for pk in ids}),
        **{each.pk: each for each in starts},
    }
    return {start: [found[pk] for pk in (start, *ids) if _exists(found[pk], on)] for start, ids in reached.items()}


def same_unit_ids(area: Area) -> set[int]:
    """`area` and its other rows in the registers: a unit that only moved to another district is one and the same.

    The register gives a moved unit a new first day, so it has two identities; what it was granted goes on.
    """
    moves = Q(change=AreaChange.Change.DISTRICT_TRANSFER)
    there, back = _links(lambda change: change, moves), _links(lambda change: (change[1], change[0]), moves)
    return {area.pk, *_walk(area.pk, there), *_walk(area.pk, back)}


def other_selves(area_ids: Iterable[int]) -> dict[int, set[int]]:
    """`same_unit_ids` of many units at once: one statement."""
    moves = Q(change=AreaChange.Change.DISTRICT_TRANSFER)
    pairs = AreaChange.objects.filter(moves, new__isnull=False).exclude(old=F("new")).values_list("old_id", "new_id")
    both = defaultdict(list)
    for old, new in pairs:
        both[old].append(new)
        both[new].append(old)
    return {pk: {pk, *_walk(pk, both)} for pk in area_ids}


def _exists(area: Area, on: dt.date) -> bool:
    return (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or on <= area.valid_to)


def _links(direction: Callable[[tuple[int, int]], tuple[int, int]], only: Q | None = None) -> Mapping[int, list[int]]:
    # All changes of the province at once (a few hundred): one query whatever the depth.
    changes = AreaChange.objects.filter(only or Q(), new__isnull=False).exclude(old=F("new"))
    links = defaultdict(list)
    for start, end in map(direction, changes.order_by("effective_on", "id").values_list("old_id", "new_id")):
        links[start].append(end)
    return links


def _walk(start: int, links: Mapping[int, list[int]]) -> list[int]:
    """Ids reached from `start`, nearest first, each once."""
    reached = dict.fromkeys(links.get(start, ()))
    queue = list(reached)
    for current in queue:
        new = [pk for pk in links.get(current, ()) if pk not in reached and pk != start]
        reached.update(dict.fromkeys(new))
        queue += new
    return queue


def _reached(area: Area, links: Mapping[int, list[int]]) -> list[Area]:
    ids = _walk(area.pk, links)
    found = Area.objects.in_bulk(ids)
    return [found[pk] for pk in ids]

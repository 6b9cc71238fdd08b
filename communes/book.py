"""The book of a commune as pages read it: which kinds of rows, who may see and keep them, lists and counts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes import rows
from communes.models import Area, Level, ModelGarden, ModelResidentialArea, Placement, Village, valid_on
from communes.models.book import BookRow
from communes.queries import areas_within, path_of, predecessors

PAGE = 100


@dataclass(frozen=True)
class Kind:
    """A kind of rows: how it is called in addresses and on screens, and its columns in the order of pasting."""

    slug: str
    model: type[BookRow]
    title: str
    one: str
    columns: tuple[rows.Column, ...]


_VILLAGE = rows.Column("village", "Thôn", rows.words, hint="Đúng tên trong sổ thôn")
_YEAR = rows.Column("year", "Năm được công nhận", rows.year, is_required=True)
KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "thon",
            Village,
            "Thôn, tổ dân phố",
            "thôn",
            (
                rows.Column("name", "Tên thôn", rows.name, is_required=True),
                rows.Column("households", "Số hộ", rows.count),
                rows.Column("population", "Số khẩu", rows.count),
                rows.Column("valid_from", "Từ ngày", rows.day, hint="ngày/tháng/năm"),
            ),
        ),
        Kind(
            "khu-dan-cu",
            ModelResidentialArea,
            "Khu dân cư NTM kiểu mẫu",
            "khu dân cư",
            (
                rows.Column("name", "Tên khu dân cư", rows.name, is_required=True),
                _VILLAGE,
                _YEAR,
                rows.Column("decision", "Quyết định", rows.words, hint="Số, ngày"),
            ),
        ),
        Kind(
            "vuon-mau",
            ModelGarden,
            "Vườn mẫu",
            "vườn mẫu",
            (
                rows.Column("name", "Chủ hộ", rows.name, is_required=True),
                _VILLAGE,
                _YEAR,
                rows.Column("area_m2", "Diện tích (m²)", rows.square_metres, hint="Viết như 1250,5"),
            ),
        ),
    )
}


def kind_of(slug: str) -> Kind:
    """The kind of that address; OutOfScope where there is none."""
    if slug not in KINDS:
        raise OutOfScope
    return KINDS[slug]


def last_day(area: Area) -> dt.date:
    """Today, or the last day of a unit that has ended: the day on which its scope is looked at."""
    today = timezone.localdate()
    return min(today, area.valid_to) if area.valid_to else today


def last_paths(areas: Iterable[Area]) -> dict[int, str]:
    """Where each unit stands, or stood on its last day, by its id: a statement for each last day among them."""
    by_day: dict[dt.date, set[int]] = {}
    for area in areas:
        by_day.setdefault(last_day(area), set()).add(area.pk)
    return {pk: path for day, ids in by_day.items() for pk, path in path_of(ids, day).items()}


def reached(user: Actor, permission: Permission, area: Area) -> bool:
    """Whether the person holds the permission in that commune."""
    granted = granted_area_ids(user, permission)
    return bool(granted) and areas_within(granted, last_day(area)).filter(pk=area.pk).exists()


def readable(user: User, area_id: int) -> Area:
    """The commune, for somebody who may read its book; any other is absent."""
    area = Area.objects.filter(pk=area_id, level=Level.COMMUNE).first()
    if area is None or not reached(user, Permission.SEE_DRAFTS, area):
        raise OutOfScope
    return area


@dataclass(frozen=True)
class BookPage:
    """A page of one kind of rows; `after` is the id of the row that the next page starts behind."""

    commune: Area
    kind: Kind
    rows: list[Any]
    after: int | None
    counts: dict[str, int]
    before: list[Area]


def page(user: User, area_id: int, slug: str, after: int | None = None) -> BookPage:
    """The rows of a kind in a commune in Vietnamese order, ended ones among them."""
    commune, kind = readable(user, area_id), kind_of(slug)
    found: Any = kind.model._default_manager.filter(commune=commune).select_related("written_by")
    if kind.model is not Village:
        found = found.select_related("village")
    start = kind.model._default_manager.filter(commune=commune, pk=after).first() if after else None
    if start:
        found = found.filter(sort_key__gte=start.sort_key).exclude(sort_key=start.sort_key, pk__lte=start.pk)
    shown = list(found.order_by("sort_key", "pk")[: PAGE + 1])
    counts = counts_of([commune.pk], last_day(commune)).get(commune.pk, {})
    return BookPage(
        commune,
        kind,
        shown[:PAGE],
        shown[PAGE - 1].pk if len(shown) > PAGE else None,
        counts,
        [area for area in predecessors(commune) if area.level == Level.COMMUNE],
    )


def row_of(user: User, slug: str, pk: int) -> Any:
    """One row, for somebody who may read it."""
    found: Any = kind_of(slug).model._default_manager.select_related("commune").filter(pk=pk).first()
    if found is None or not reached(user, Permission.SEE_DRAFTS, found.commune):
        raise OutOfScope
    return found


def counts_of(commune_ids: Iterable[int], on: dt.date) -> dict[int, dict[str, int]]:
    """How many rows of each kind stand in each commune on the day: one statement a kind."""
    ids = list(commune_ids)
    found: dict[int, dict[str, int]] = {}
    for slug, kind in KINDS.items():
        standing = kind.model._default_manager.filter(valid_on(on), commune__in=ids).order_by()
        for commune_id, number in standing.values_list("commune_id").annotate(Count("pk")):
            found.setdefault(commune_id, {})[slug] = number
    return found


@dataclass(frozen=True)
class CommuneLine:
    """A commune with its counts; `is_open` where the person may open its book."""

    area: Area
    counts: list[int]
    is_open: bool


@dataclass(frozen=True)
class Group:
    """The communes of a district, or of the province where it has none, with their sums."""

    name: str
    lines: list[CommuneLine]
    sums: list[int]


@dataclass(frozen=True)
class Overview:
    """Counts by commune and district on a day. No name of a household is in it."""

    on: dt.date
    groups: list[Group]
    sums: list[int]


def day_for(user: Actor) -> dt.date:
    """Today, or the last day of the person's units where all of them have ended."""
    today = timezone.localdate()
    ends = list(
        Area.objects.filter(pk__in=granted_area_ids(user, Permission.SEE_DRAFTS)).values_list("valid_to", flat=True)
    )
    return today if not ends or None in ends else min(today, max(end for end in ends if end))


def overview(user: Actor, on: dt.date) -> Overview:
    """Every commune of the day: a constant number of statements."""
    placed = list(
        Placement.objects.filter(valid_on(on), valid_on(on, "area__"), area__level=Level.COMMUNE)
        .select_related("area", "parent")
        .order_by("parent__sort_key", "area__sort_key", "area_id")
    )
    counts = counts_of([place.area_id for place in placed], on)
    granted = granted_area_ids(user, Permission.SEE_DRAFTS)
    within = set(areas_within(granted, on).values_list("pk", flat=True)) if granted else set()
    groups: dict[str, list[CommuneLine]] = {}
    for place in placed:
        numbers = counts.get(place.area_id, {})
        line = CommuneLine(place.area, [numbers.get(slug, 0) for slug in KINDS], place.area_id in within)
        groups.setdefault(place.parent.name if place.parent else "", []).append(line)
    shown = [Group(name, lines, _sums(lines)) for name, lines in groups.items()]
    return Overview(on, shown, _sums([line for group in shown for line in group.lines]))


def _sums(lines: list[CommuneLine]) -> list[int]:
    return [sum(numbers) for numbers in zip(*(line.counts for line in lines), strict=True)] or [0] * len(KINDS)

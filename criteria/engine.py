"""Attainment from approved readings: the one computation behind every screen, report and figure.

`recompute` may run any number of times, over any part, with the same end. Commune rows are right at the commit
of the approval (criteria.actions.readings writes them inside it); districts and the province follow from dirty
scopes (criteria.tasks).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from criteria import derived, masks
from criteria.models import Assessment, CriteriaSet
from criteria.statements import Ids, run

_SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Difference:
    """A folder of which a stored row does not equal the function of the facts."""

    assessment_id: int
    stored: dict[str, Any]
    computed: dict[str, Any]


@dataclass(frozen=True)
class Folder:
    """A folder and the set that it is measured by."""

    id: int
    area_id: int
    set_id: int
    slug: str
    checksum: str

    @property
    def criteria_set(self) -> CriteriaSet:
        """As much of the set as the order of computation needs."""
        return CriteriaSet(pk=self.set_id, slug=self.slug, checksum=self.checksum)


_COLUMNS = ("pk", "area_id", "round__criteria_set_id", "round__criteria_set__slug", "round__criteria_set__checksum")


def folders(condition: Q) -> list[Folder]:
    """The matching folders. `condition` is on Assessment."""
    return [Folder(*row) for row in Assessment.objects.filter(condition).order_by("pk").values_list(*_COLUMNS)]


# Whose units are meant by the ids given to `lock`: (unit, period) pairs.
UNITS_OF_READINGS = """
    SELECT DISTINCT o.area_id, w.period_id FROM criteria_reading r
    JOIN criteria_assessment o ON o.id = r.assessment_id JOIN criteria_round w ON w.id = o.round_id WHERE r.id {ids}
"""
UNITS_OF_FOLDERS = """
    SELECT DISTINCT o.area_id, w.period_id FROM criteria_assessment o
    JOIN criteria_round w ON w.id = o.round_id WHERE o.id {ids}
"""
UNITS_IN_PERIOD = "SELECT id AS area_id, CAST(%(period)s AS bigint) AS period_id FROM communes_area WHERE id {ids}"
_FOLDERS = """
    SELECT a.assessment_id, s.area_id, k.id, k.slug, k.checksum
    FROM ({units}) AS unit
    JOIN criteria_assessment s ON s.area_id = unit.area_id
    JOIN criteria_round d ON d.id = s.round_id AND d.period_id = unit.period_id
    JOIN criteria_criteriaset k ON k.id = d.criteria_set_id
    JOIN criteria_attainment a ON a.assessment_id = s.id
    ORDER BY a.assessment_id
"""
FOR_UPDATE = "FOR UPDATE OF a"


def lock(units: str, ids: Ids, **values: int) -> list[Folder]:
    """Lock the attainment rows of whole units, in one order, before anything is read; their folders.

    The lock stands in a statement of its own: two approvals of the last two unmet values of a criterion would
    otherwise each still see the other as unmet, and the criterion would stay failing for ever. SQLite has one writer.
    """
    for_update = FOR_UPDATE if connection.features.has_select_for_update else ""
    return [Folder(*row) for row in run(_FOLDERS.replace("{units}", units) + for_update, ids, **values)[1]]


def folders_of(units: str, ids: Ids) -> list[Folder]:
    """The folders of whole units, which the caller has locked."""
    return [Folder(*row) for row in run(_FOLDERS.replace("{units}", units), ids)[1]]


def recompute(found: list[Folder], *, even_closed: bool = False) -> int:
    """Bring derived readings and attainment of the folders up to date; returns rows that differed.

    The folders must be those of whole units (every set that stands on a changed one), since a tier may stand on
    another. Must run inside a transaction that has locked them.
    """
    if not found:
        return 0
    return masks.write(Ids.of(folder.id for folder in found)) + follow(found, even_closed=even_closed)


def follow(found: Iterable[Folder], *, even_closed: bool = False) -> int:
    """Bring up to date what stands on the attainment of whole units; returns rows that differed."""
    differing = 0
    for sets, ids in _ranks(found):
        if refreshed := derived.refresh(sets, ids, even_closed=even_closed):
            differing += len(refreshed) + masks.write(Ids.of(refreshed))
    return differing


def _ranks(found: Iterable[Folder]) -> Iterator[tuple[list[CriteriaSet], list[int]]]:
    """Sets of which the portal computes something, with their folders; whatever a set stands on comes before it."""
    ids: dict[int, list[int]] = defaultdict(list)
    sets: dict[int, CriteriaSet] = {}
    for folder in found:
        ids[folder.set_id].append(folder.id)
        if folder.set_id not in sets:
            sets[folder.set_id] = folder.criteria_set
    for rank in derived.in_order(sets.values()):
        if any(map(derived.of, rank)):
            yield rank, [folder_id for criteria_set in rank for folder_id in ids[criteria_set.pk]]


def differing(ids: Ids) -> set[int]:
    """Folders of which a stored row does not equal the facts; nothing is locked or written.

    Each row is held against the stored rows that it stands on: where none differs, all are right.
    """
    sets = [Folder(0, 0, *row).criteria_set for row in run(_SETS, ids)[1]]
    return {*masks.differing(ids), *derived.differing(sets, ids)}


_SETS = """
    SELECT k.id, k.slug, k.checksum FROM criteria_criteriaset k WHERE k.id IN (
        SELECT criteria_set_id FROM criteria_round
        WHERE id IN (SELECT round_id FROM criteria_assessment WHERE id {ids})
    )
"""


def verify(condition: Q | None = None) -> list[Difference]:
    """Compare the stored rows of the matching folders with the facts; nothing is changed (invariant 1)."""
    return shown(differing(Ids.of(folder.id for folder in folders(condition or Q()))))


def shown(folder_ids: Iterable[int]) -> list[Difference]:
    """What is stored of folders and what the facts give, for people; the first of them."""
    return [Difference(*found) for found in masks.shown(Ids.of(sorted(folder_ids)[:_SHOWN_AT_MOST]))]


def unit(*, area_id: int, period_id: int) -> Q:
    """Condition: all folders of one unit in one period."""
    return Q(area_id=area_id, round__period_id=period_id)


def units(pairs: Iterable[tuple[int, int]]) -> Q:
    """Condition: all folders of the given (area id, period id) pairs."""
    by_period: dict[int, set[int]] = defaultdict(set)
    for area_id, period_id in pairs:
        by_period[period_id].add(area_id)
    condition = Q(pk__in=[])
    for period_id, area_ids in sorted(by_period.items()):
        condition |= Q(round__period_id=period_id, area_id__in=sorted(area_ids))
    return condition

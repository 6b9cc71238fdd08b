"""Pages of folders and results with what stands beside them: a constant number of queries a page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from accounts.scope import Actor
from criteria.models import Assessment, Attainment, Criterion, Reading, Recognition, State
from criteria.queries.recognition import holding
from criteria.queries.scope import visible_readings

MASKS = {
    "failing": Criterion.Role.CRITERION,
    "undetermined": Criterion.Role.CRITERION,
    "conditions_failing": Criterion.Role.CONDITION,
    "conditions_undetermined": Criterion.Role.CONDITION,
    "recognition_failing": Criterion.Role.RECOGNITION,
    "recognition_undetermined": Criterion.Role.RECOGNITION,
}


@dataclass
class Progress:
    """How many values a folder has, and where those stand that the person may see."""

    total: int = 0
    is_illustrative: bool = False
    by_state: dict[str, int] = field(default_factory=lambda: {state.name.lower(): 0 for state in State})

    @property
    def state(self) -> str | None:
        """The least advanced state; None where not every value may be seen, or there is none."""
        if not self.total or sum(self.by_state.values()) < self.total:
            return None
        return next(word for word, count in self.by_state.items() if count)


def with_progress(folders: Iterable[Assessment], *, user: Actor) -> list[Assessment]:
    """The folders, each with `progress`: two queries."""
    rows: list[Any] = list(folders)
    progress: dict[int, Progress] = defaultdict(Progress)
    inside = Reading.objects.filter(assessment__in=rows)
    marked = Count("pk", filter=Q(is_illustrative=True))
    for pk, total, illustrative in inside.values_list("assessment_id").annotate(n=Count("pk"), mh=marked).order_by():
        progress[pk] = Progress(total=total, is_illustrative=illustrative > 0)
    seen = visible_readings(user).filter(assessment__in=rows).values_list("assessment_id", "state")
    for pk, state, count in seen.annotate(n=Count("pk")).order_by():
        progress[pk].by_state[State(state).name.lower()] = count
    for row in rows:
        row.progress = progress[row.pk]
    return rows


def with_codes_and_tiers(results: Iterable[Attainment], *, as_of: dt.date | None) -> list[Attainment]:
    """The results, each with `codes` (the masks as codes of criteria) and `held` (tiers by decision by `as_of`).

    One query for the criteria, and one a year of results for the decisions.
    """
    rows: list[Any] = list(results)
    criteria: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    sets = {row.assessment.round.criteria_set_id for row in rows}
    for found in Criterion.objects.filter(criteria_set__in=sets).order_by("bit"):
        criteria[found.criteria_set_id, found.role].append((found.bit, found.code))
    held = _held(rows, as_of)
    for row in rows:
        row.codes = {
            name: _codes(getattr(row, name), criteria[row.assessment.round.criteria_set_id, role])
            for name, role in MASKS.items()
        }
        row.held = held[row.assessment.area_id, row.assessment.round.period.year]
    return rows


def _codes(mask: int, criteria: list[tuple[int, str]]) -> list[str]:
    return [code for bit, code in criteria if mask >> bit & 1]


def _held(rows: list[Attainment], as_of: dt.date | None) -> dict[tuple[int, int], list[Recognition]]:
    """(unit, year) → its recognitions in force, by results up to the year."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.assessment.round.period.year].add(row.assessment.area_id)
    found: dict[tuple[int, int], list[Recognition]] = defaultdict(list)
    for year, areas in wanted.items():
        for held in holding(up_to_year=year, decided_by=as_of).filter(area__in=areas).order_by("counts_from", "id"):
            found[held.area_id, year].append(held)
    return found

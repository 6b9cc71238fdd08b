"""Attainment from approved readings: the one computation behind every screen, report and figure.

`recompute` may run any number of times, over any part, with the same end. Commune rows are right at the commit
of the approval (criteria.actions.readings calls `recompute` inside it); districts and the province follow from
dirty scopes (criteria.tasks).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from communes import epochs
from criteria import derived, masks
from criteria.masks import Scope
from criteria.models import Assessment, Attainment, Round


@dataclass(frozen=True)
class Difference:
    """A stored row that does not equal the function of the facts."""

    assessment_id: int
    stored: dict[str, int]
    computed: dict[str, int]


def recompute(condition: Q, *, even_closed: bool = False) -> int:
    """Bring derived readings and attainment of the matching assessments up to date; returns rows that differed.

    `condition` is on Assessment and must name whole units (every set that stands on a changed one), since a tier may
    stand on another. Must run inside a transaction that has locked the attainment rows.
    """
    epoch = epochs.current() + 1  # the value that the bump of this same transaction gives
    rounds = _rounds(condition)
    differing = 0
    for rank in derived.in_order({found.criteria_set for found in rounds}):
        ranked = [found for found in rounds if found.criteria_set in rank]
        for reading_round in ranked:
            scope = Assessment.objects.filter(condition, round=reading_round)
            differing += derived.refresh(reading_round, scope, even_closed=even_closed)
        differing += masks.write(Scope.of(Assessment.objects.filter(condition, round__in=ranked)), epoch=epoch)
    return differing


def _rounds(condition: Q) -> list[Round]:
    """Rounds that hold matching assessments."""
    ids = Assessment.objects.filter(condition).values("round_id")
    return list(Round.objects.filter(pk__in=ids).select_related("criteria_set", "period", "province"))


def verify(condition: Q | None = None) -> list[Difference]:
    """Compare every stored row with the facts; nothing is changed (invariant 1)."""
    scope = Scope.of(Assessment.objects.filter(condition or Q()))
    return [Difference(*found) for found in masks.differences(scope)]


def lock(condition: Q) -> None:
    """Lock the attainment rows of the matching assessments, in one order, before anything is read.

    The lock stands in a statement of its own: two approvals of the last two unmet values of a criterion would
    otherwise each still see the other as unmet, and the criterion would stay failing for ever.
    """
    rows = Attainment.objects.filter(assessment__in=Assessment.objects.filter(condition)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def unit(*, area_id: int, period_id: int) -> Q:
    """Condition: all folders of one unit in one period."""
    return Q(area_id=area_id, round__period_id=period_id)


def units(pairs: Iterable[tuple[int, int]]) -> Q:
    """Condition: all folders of the given (area id, period id) pairs."""
    condition = Q(pk__in=[])
    for area_id, period_id in sorted(set(pairs)):
        condition |= unit(area_id=area_id, period_id=period_id)
    return condition

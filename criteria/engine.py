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
from criteria.models import Assessment, Attainment, Round


@dataclass(frozen=True)
class Difference:
    """A stored row that does not equal the function of the facts."""

    assessment_id: int
    stored: dict[str, int]
    computed: dict[str, int]


def _rounds(condition: Q) -> list[Round]:
    """Rounds that hold matching assessments, in the order in which sets stand on each other."""
    rounds = list(
        Round.objects.filter(pk__in=Assessment.objects.filter(condition).values("round_id"))
        .select_related("criteria_set", "period", "province")
        .prefetch_related("criteria_set__criteria__indicators__inputs")
    )
    rank = {found.pk: place for place, found in enumerate(derived.in_order({r.criteria_set for r in rounds}))}
    return sorted(rounds, key=lambda each: (each.period.ends_on, rank[each.criteria_set_id]))


def recompute(condition: Q, *, even_closed: bool = False) -> int:
    """Bring derived readings and attainment of the matching assessments up to date; returns rows that differed.

    `condition` is on Assessment and must name whole units (all sets of an area and period), since a tier may stand
    on another. Must run inside a transaction that has locked the attainment rows.
    """
    differing = 0
    epoch = epochs.current() + 1  # the value that the bump of this same transaction gives
    for reading_round in _rounds(condition):
        assessments = list(Assessment.objects.filter(condition, round=reading_round).select_related("area"))
        derived.refresh(reading_round, assessments, even_closed=even_closed)
        differing += masks.write(Assessment.objects.filter(condition, round=reading_round), epoch=epoch)
    return differing


def verify(condition: Q | None = None) -> list[Difference]:
    """Compare every stored row with the facts; nothing is changed (invariant 1)."""
    scope = Assessment.objects.filter(condition or Q())
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

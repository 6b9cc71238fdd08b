"""Bit masks of attainment from approved readings. Bit n stands for the criterion with `bit` n of its role."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Max, Q, Value, When

from criteria.models import Attainment, Criterion, Reading, State, Verdict

Role = Criterion.Role


@dataclass
class Masks:
    """Failing and undetermined criteria of one assessment, by role of the criterion."""

    failing: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    undetermined: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def _flag(condition: Q) -> Max:
    return Max(Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField()))


def masks_of(assessment_ids: Iterable[int]) -> dict[int, Masks]:
    """Masks of the given assessments: one statement. Only approved readings count; all others are undetermined."""
    approved = Q(state=State.APPROVED)
    rows = (
        Reading.objects.filter(assessment_id__in=assessment_ids)
        .values_list("assessment_id", "input__indicator__criterion__role", "input__indicator__criterion__bit")
        .annotate(
            fails=_flag(approved & Q(verdict=Verdict.NOT_MET)),
            open=_flag(~approved | Q(verdict=Verdict.UNDETERMINED)),
        )
        .order_by()
    )
    found: dict[int, Masks] = defaultdict(Masks)
    for assessment_id, role, bit, fails, is_open in rows:
        if fails:
            found[assessment_id].failing[role] |= 1 << bit
        elif is_open:
            found[assessment_id].undetermined[role] |= 1 << bit
    return found


def never_met(criteria: Iterable[Criterion]) -> dict[str, int]:
    """Criteria that no readings can make met: an indicator is missing from the text at hand, or all are."""
    blocked: dict[str, int] = defaultdict(int)
    for criterion in criteria:
        if not criterion.is_complete:
            blocked[criterion.role] |= 1 << criterion.bit
    return blocked


def apply(row: Attainment, masks: Masks, blocked: dict[str, int], total: int) -> None:
    """Set masks, counts and verdict on `row`. `total` is the number of criteria of the set."""
    failing = {role: masks.failing[role] for role in Role.values}
    undetermined = {role: (masks.undetermined[role] | blocked[role]) & ~failing[role] for role in Role.values}
    row.failing, row.undetermined = failing[Role.CRITERION], undetermined[Role.CRITERION]
    row.conditions_failing, row.conditions_undetermined = failing[Role.CONDITION], undetermined[Role.CONDITION]
    row.recognition_failing, row.recognition_undetermined = failing[Role.RECOGNITION], undetermined[Role.RECOGNITION]
    row.criteria_failing = row.failing.bit_count()
    row.criteria_undetermined = row.undetermined.bit_count()
    row.criteria_met = total - row.criteria_failing - row.criteria_undetermined
    row.verdict = _verdict(row)


def _verdict(row: Attainment) -> Verdict:
    if row.failing or row.conditions_failing:
        return Verdict.NOT_MET
    if row.undetermined or row.conditions_undetermined:
        return Verdict.UNDETERMINED
    return Verdict.MET


FIELDS = (
    "failing",
    "undetermined",
    "conditions_failing",
    "conditions_undetermined",
    "recognition_failing",
    "recognition_undetermined",
    "criteria_met",
    "criteria_failing",
    "criteria_undetermined",
    "verdict",
)

"""If this value were approved: what moves in its unit and its district, before it moves."""

from dataclasses import dataclass

from communes.models import Area
from criteria.models import Attainment, Criterion, Reading, RollUp, State
from criteria.rules.approving import Standing, criterion_of
from criteria.rules.verdicts import Verdict


@dataclass(frozen=True)
class Effect:
    """A unit before and after the approval of one value; `attained` are the district's units by criteria."""

    before: Standing
    after: Standing
    criterion: Criterion
    criterion_before: Verdict
    criterion_after: Verdict
    members: int | None
    attained_before: int
    attained_after: int

    @property
    def criterion_moves(self) -> bool:
        return self.criterion_before != self.criterion_after

    @property
    def unit_moves(self) -> bool:
        return self.before.verdict != self.after.verdict


def effect(reading: Reading, district: Area | None) -> Effect | None:
    """What the approval of `reading` would change; None for conditions of recognition, which no verdict rests on."""
    criterion = reading.input.indicator.criterion
    if criterion.role == Criterion.Role.RECOGNITION:
        return None
    stored = Attainment.objects.select_related("assessment__round__criteria_set").get(pk=reading.assessment_id)
    before = _standing(stored)
    now, then = _criterion(reading, criterion, as_approved=False), _criterion(reading, criterion, as_approved=True)
    after = before.with_criterion(criterion.bit, then, is_condition=criterion.role == Criterion.Role.CONDITION)
    above = _roll_up(reading, district)
    attained = above.attained if above else 0
    gained = (after.verdict is Verdict.MET) - (before.verdict is Verdict.MET)
    return Effect(before, after, criterion, now, then, above.members if above else None, attained, attained + gained)


def _standing(stored: Attainment) -> Standing:
    return Standing(
        stored.failing,
        stored.undetermined,
        stored.conditions_failing,
        stored.conditions_undetermined,
        stored.assessment.round.criteria_set.listed_criteria,
    )


def _criterion(reading: Reading, criterion: Criterion, *, as_approved: bool) -> Verdict:
    rows = Reading.objects.filter(assessment=reading.assessment_id, input__indicator__criterion=criterion)
    found = [
        (state == State.APPROVED or (as_approved and pk == reading.pk), Verdict(verdict))
        for pk, state, verdict in rows.values_list("pk", "state", "verdict")
    ]
    return criterion_of(found, is_complete=not _incomplete_mask(criterion) >> criterion.bit & 1)


def _incomplete_mask(criterion: Criterion) -> int:
    found = criterion.criteria_set
    is_condition = criterion.role == Criterion.Role.CONDITION
    return found.incomplete_condition_mask if is_condition else found.incomplete_criterion_mask


def _roll_up(reading: Reading, district: Area | None) -> RollUp | None:
    opened = reading.assessment.round
    found = RollUp.objects.filter(area=district, criteria_set=opened.criteria_set_id, period=opened.period_id)
    return found.first() if district else None

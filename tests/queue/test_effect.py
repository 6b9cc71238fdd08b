"""What the approval of a value would move is told before, and is what then happens; on the national set."""

import pytest
from django.urls import reverse

from criteria import engine
from criteria.actions import readings as act
from criteria.models import Attainment, Reading, State
from criteria.queries import item as items
from criteria.rules.approving import Standing, criterion_of
from criteria.rules.verdicts import Verdict
from tests.workflow.conftest import fill, folder, open_round_2024, reading

__all__ = ["fill", "folder", "open_round_2024", "reading"]


@pytest.fixture
def unit(folder, fill, reading):
    """`unit({"17.1": (10, State.APPRAISED)})`: all approved and met but these values, which stand as said."""

    def bring(others: dict[str, tuple[float, State]]) -> Attainment:
        fill(except_for={code: value for code, (value, _) in others.items()})
        for code, (_, state) in others.items():
            Reading.objects.filter(pk=reading(code).pk).update(state=state)
        engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)))
        return Attainment.objects.get(assessment=folder)

    return bring


BAD, GOOD = 1, 100
CASES = {
    "the last one of the unit, met": ("17.1", {"17.1": (GOOD, State.APPRAISED)}),
    "the last one of the unit, not met": ("17.1", {"17.1": (BAD, State.APPRAISED)}),
    "another of the criterion fails": ("17.1", {"17.1": (GOOD, State.APPRAISED), "17.3": (0, State.APPROVED)}),
    "another of the criterion is open": ("17.1", {"17.1": (GOOD, State.APPRAISED), "17.3": (1, State.VERIFIED)}),
    "another criterion is open": ("17.1", {"17.1": (GOOD, State.APPRAISED), "10.1": (90, State.SUBMITTED)}),
    "another criterion fails": ("17.1", {"17.1": (GOOD, State.APPRAISED), "10.1": (BAD, State.APPROVED)}),
    "alone in its criterion, not met": ("10.1", {"10.1": (BAD, State.APPRAISED)}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_before_is_what_happens(unit, reading, province_officer, case):
    code, others = CASES[case]
    before, last = unit(others), reading(code)
    told = items.item(province_officer, last.pk).effect
    assert (told.before.met, told.before.verdict) == (before.criteria_met, before.verdict)
    act.approve(reading_ids=[last.pk], by=province_officer)
    after = Attainment.objects.get(pk=before.pk)
    assert (told.after.met, told.after.verdict) == (after.criteria_met, after.verdict)
    assert (told.after.failing, told.after.open) == (after.failing, after.undetermined)


def test_the_page_says_what_moves(unit, reading, client_of, province_officer):
    before = unit({"17.1": (GOOD, State.APPRAISED)})
    page = client_of(province_officer).get(reverse("criteria:review-item", args=[reading("17.1").pk])).content.decode()
    shown = page.split('class="effect"')[1].split("</table>")[0]
    total = before.assessment.round.criteria_set.listed_criteria
    assert f"{before.criteria_met}/{total}" in shown
    assert f"{before.criteria_met + 1}/{total}" in shown


def test_an_approved_value_has_no_effect_left(unit, reading, province_officer):
    unit({})
    assert items.item(province_officer, reading("17.1").pk).effect is None


def test_a_condition_moves_the_verdict_and_no_count():
    standing = Standing(failing=0, open=0, conditions_failing=0, conditions_open=0b10, total=19)
    after = standing.with_criterion(1, Verdict.NOT_MET, is_condition=True)
    assert (standing.verdict, after.verdict, after.met) == (Verdict.UNDETERMINED, Verdict.NOT_MET, 19)


def test_a_criterion_without_all_its_indicators_is_never_met():
    assert criterion_of([(True, Verdict.MET)], is_complete=False) is Verdict.UNDETERMINED
    assert criterion_of([(True, Verdict.NOT_MET)], is_complete=False) is Verdict.NOT_MET

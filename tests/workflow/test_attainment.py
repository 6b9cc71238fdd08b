"""Attainment follows the approved values, at once for communes, by the job for districts and the province."""

import pytest

from accounts.roles import Permission
from communes import epochs
from criteria import engine, law_loading, ledger, verification
from criteria.actions import readings as act
from criteria.models import (
    Attainment,
    CriteriaSet,
    Criterion,
    DirtyScope,
    Reading,
    RecomputeRun,
    RollUp,
    State,
    Verdict,
)
from criteria.models.law import WORD_BITS
from criteria.queries.scope import steps_open_to, visible_readings, waiting_for

WATER = "17.1"


def attainment(folder) -> Attainment:
    return Attainment.objects.get(pk=folder.pk)


def test_a_commune_with_every_value_met_attains(folder, fill):
    fill()
    row = attainment(folder)
    assert (row.criteria_met, row.criteria_failing, row.criteria_undetermined) == (19, 0, 0)
    assert row.verdict == Verdict.MET


def test_one_failing_value_fails_its_criterion_and_the_standard(folder, fill):
    fill(except_for={WATER: 10})
    row, bit = attainment(folder), Criterion.objects.get(criteria_set=folder.round.criteria_set, code="17").bit
    assert (row.failing, row.criteria_met, row.verdict) == (1 << bit, 18, Verdict.NOT_MET)


def test_an_empty_folder_is_undetermined_and_not_failing(folder):
    row = attainment(folder)
    assert (row.failing, row.criteria_met, row.verdict) == (0, 0, Verdict.UNDETERMINED)


def test_a_value_without_a_threshold_is_never_met(folder, fill, reading):
    thresholds = reading("2.1").input.thresholds.all()
    Reading.objects.filter(threshold__in=thresholds).update(threshold=None)
    thresholds.delete()
    fill()
    row, bit = attainment(folder), Criterion.objects.get(criteria_set=folder.round.criteria_set, code="2").bit
    assert row.undetermined & (1 << bit)
    assert (row.failing, row.verdict) == (0, Verdict.UNDETERMINED)


def test_an_unapproved_value_changes_nothing(folder, fill, reading, journey):
    fill(except_for={WATER: 10})
    before = attainment(folder)
    target = reading(WATER)
    Reading.objects.filter(pk=target.pk).update(state=State.DRAFT)
    engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)))
    journey(reading(WATER), "90", until=State.APPRAISED)
    assert attainment(folder).criteria_met == before.criteria_met


def test_the_commune_is_right_at_the_commit_of_the_approval(folder, fill, reading, journey):
    fill()
    Reading.objects.filter(pk=reading(WATER).pk).update(state=State.DRAFT, **act.NO_STEPS)
    engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)))
    assert attainment(folder).verdict == Verdict.UNDETERMINED
    journey(reading(WATER), "90")
    assert attainment(folder).verdict == Verdict.MET


def test_advanced_stands_on_ntm(folder, fill):
    advanced = Attainment.objects.filter(
        assessment__area=folder.area,
        assessment__round__period=folder.round.period,
        assessment__round__criteria_set__slug="commune-advanced-2021-2025",
    )
    fill(except_for={WATER: 10})
    assert advanced.get().conditions_failing
    fill()
    assert not advanced.get().conditions_failing


def test_nothing_under_an_incomplete_criterion_is_ever_met(folder, fill):
    criterion = Criterion.objects.get(criteria_set=folder.round.criteria_set, code="4")
    Criterion.objects.filter(pk=criterion.pk).update(is_complete=False)
    law_loading.say_incomplete(folder.round.criteria_set)
    fill()
    row = attainment(folder)
    assert (row.undetermined, row.criteria_met, row.verdict) == (1 << criterion.bit, 18, Verdict.UNDETERMINED)


def test_the_masks_say_which_indicators_fail_and_which_are_open(folder, fill, reading):
    fill(except_for={WATER: 10})
    indicator = reading(WATER).input.indicator
    word, bit = divmod(indicator.slot, WORD_BITS)
    assert attainment(folder).indicators == {str(word): [1 << bit, 0]}


def test_a_unit_without_anything_in_question_has_no_indicator_masks(folder, fill):
    assert attainment(folder).indicators
    fill()
    assert attainment(folder).indicators == {}


@pytest.fixture
def last_one(folder, fill, reading):
    """The only value of the folder that is not approved yet; nothing waits for the job."""
    fill()
    Reading.objects.filter(pk=reading(WATER).pk).update(state=State.DRAFT, **act.NO_STEPS)
    engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)))
    ledger.recompute_dirty()
    return reading(WATER)


def test_an_approval_marks_the_district_and_the_province_and_raises_the_epoch(last_one, journey):
    before = epochs.current()
    journey(last_one, "90")
    assert set(DirtyScope.objects.values_list("area__code", flat=True)) == {"444", "42"}
    assert epochs.current() > before


def test_an_approval_that_changes_no_result_raises_the_epoch_and_marks_nothing(reading, journey):
    """Its criterion is still open: nothing that is counted above the commune moved."""
    ledger.recompute_dirty()
    before = epochs.current()
    journey(reading(WATER), "90")
    assert not DirtyScope.objects.exists()
    assert epochs.current() > before


def test_the_job_recounts_what_was_marked_and_leaves_a_line_in_the_ledger(folder, last_one, journey):
    journey(last_one, "90")
    ledger.recompute_dirty()
    counts = RollUp.objects.get(area__code="444", period__code="2024", criteria_set=folder.round.criteria_set)
    assert counts.attained >= 1
    assert not DirtyScope.objects.exists()
    run = RecomputeRun.objects.first()
    assert (run.kind, run.finished_at is not None, run.scopes) == ("roll_up", True, 2)


def test_running_the_job_again_changes_nothing(last_one, journey):
    journey(last_one, "90")
    ledger.recompute_dirty()
    epoch = epochs.current()
    assert ledger.recompute_dirty() is None
    assert epochs.current() == epoch


def test_a_mark_made_while_the_job_runs_survives(last_one, journey):
    journey(last_one, "90")
    scope = DirtyScope.objects.first()
    DirtyScope.objects.filter(pk=scope.pk).update(marks=scope.marks + 1)
    ledger.recompute_scopes([scope])
    assert DirtyScope.objects.filter(pk=scope.pk).exists()


def test_verify_finds_a_row_that_was_tampered_with(folder, fill):
    fill()
    condition = engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)
    assert engine.verify(condition) == []
    Attainment.objects.filter(pk=folder.pk).update(criteria_met=3)
    assert [found.assessment_id for found in engine.verify(condition)] == [folder.pk]


def test_no_round_opens_on_an_incomplete_set(db, province_officer, area):
    import datetime as dt

    from accounts.errors import Refused
    from criteria.actions.rounds import ensure_year, open_round

    criteria_set = CriteriaSet.objects.get(slug="commune-ntm-2026-2030")
    with pytest.raises(Refused) as refused:
        open_round(
            province=area("42"),
            period=ensure_year(2026),
            criteria_set=criteria_set,
            due_on=dt.date(2026, 12, 31),
            by=province_officer,
        )
    assert refused.value.code == "incomplete_set"


def test_a_draft_is_seen_only_within_its_scope(reading, journey, district_officer, other_district_officer, visitor):
    from django.contrib.auth.models import AnonymousUser

    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    assert visible_readings(district_officer).filter(pk=sent.pk).exists()
    assert not visible_readings(other_district_officer).filter(pk=sent.pk).exists()
    assert not visible_readings(AnonymousUser()).filter(pk=sent.pk).exists()


def test_the_queue_holds_what_waits_for_this_person(
    reading, journey, district_reviewer, department_officer, province_officer, district_officer
):
    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    assert waiting_for(district_reviewer).filter(pk=sent.pk).exists()
    assert not waiting_for(department_officer).filter(pk=sent.pk).exists()
    assert not waiting_for(district_officer).filter(pk=sent.pk).exists()
    assert not waiting_for(province_officer).filter(pk=sent.pk).exists()
    assert Permission.VERIFY in steps_open_to(district_reviewer, sent)
    assert Permission.ENTER not in steps_open_to(district_officer, sent)


def test_verify_finds_a_roll_up_that_was_tampered_with(folder):
    ledger.recompute_dirty()
    assert verification.verify_all()[1] == []
    RollUp.objects.filter(area__code="444", period__code="2024").update(attained=99)
    assert all("roll-up of unit" in fault for fault in verification.verify_all()[1])
    assert verification.verify_all()[1]

"""A value's way from the officer's desk to the province's approval."""

import pytest

from accounts.audit import history_of
from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from criteria.actions import readings as act
from criteria.models import Reading, State, Verdict

WATER = "17.1"


def test_each_step_by_another_person_ends_in_approval_and_is_kept_in_the_trail(reading, journey):
    approved = journey(reading(WATER), "95,5 %")
    assert (approved.state, float(approved.value), approved.verdict) == (State.APPROVED, 95.5, Verdict.MET)
    steps = [event.action for event in history_of(approved)]
    assert steps == [f"reading.{step}" for step in ("record", "submit", "verify", "appraise", "approve")]
    names = [event.actor_name for event in history_of(approved)]
    assert len(set(names)) == 4


def test_a_value_pins_the_threshold_it_was_measured_against(reading, district_officer):
    before = reading(WATER)
    saved = act.record(reading_id=before.pk, text="44,9", version=before.version, by=district_officer)
    assert (saved.threshold.value, saved.verdict) == (45, Verdict.NOT_MET)


@pytest.mark.parametrize(
    ("text", "code"),
    [("101", "out_of_range"), ("-1", "out_of_range"), ("nhiều", "unreadable"), ("1.234", "unreadable")],
)
def test_a_bad_figure_is_refused_at_its_field_and_changes_nothing(reading, district_officer, text, code):
    before = reading(WATER)
    with pytest.raises(Refused) as refused:
        act.record(reading_id=before.pk, text=text, version=before.version, by=district_officer)
    assert (refused.value.field, refused.value.code) == ("value", code)
    after = reading(WATER)
    assert (after.version, after.value) == (before.version, before.value)


def test_an_officer_of_another_district_cannot_know_the_value_exists(reading, other_district_officer):
    target = reading(WATER)
    with pytest.raises(OutOfScope):
        act.record(reading_id=target.pk, text="50", version=target.version, by=other_district_officer)


def test_a_commune_officer_enters_only_the_own_commune(reading, commune_officer):
    target = reading(WATER)
    with pytest.raises(OutOfScope):
        act.record(reading_id=target.pk, text="50", version=target.version, by=commune_officer)


def test_a_reviewer_may_look_but_not_enter(reading, district_reviewer):
    target = reading(WATER)
    with pytest.raises(NotAllowed):
        act.record(reading_id=target.pk, text="50", version=target.version, by=district_reviewer)


def test_the_second_of_two_writers_is_told_what_the_first_wrote(reading, district_officer, person, area):
    from accounts.roles import Role

    colleague = person("dong-nghiep", Role.DISTRICT_OFFICER, area=area("444"))
    seen = reading(WATER)
    act.record(reading_id=seen.pk, text="50", version=seen.version, by=district_officer)
    with pytest.raises(Stale) as stale:
        act.record(reading_id=seen.pk, text="60", version=seen.version, by=colleague)
    assert (stale.value.details["mine"], stale.value.details["theirs"]) == ("60", "50")
    assert reading(WATER).value == 50


def test_entering_the_same_value_twice_is_harmless(reading, district_officer):
    seen = reading(WATER)
    first = act.record(reading_id=seen.pk, text="50", version=seen.version, by=district_officer)
    again = act.record(reading_id=seen.pk, text="50", version=seen.version, by=district_officer)
    assert again.version == first.version
    assert history_of(first).count() == 1


def test_a_submitted_value_is_not_edited_any_more(reading, journey, district_officer):
    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    with pytest.raises(WrongState):
        act.record(reading_id=sent.pk, text="60", version=sent.version, by=district_officer)


def test_submitting_twice_moves_nothing_the_second_time(reading, journey, district_officer):
    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    with pytest.raises(WrongState):
        act.submit(assessment_id=sent.assessment_id, by=district_officer)


def test_nobody_verifies_what_they_entered(reading, journey, district_officer, area):
    from accounts.models import Appointment
    from accounts.roles import Role

    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    Appointment.objects.create(
        user=district_officer, role=Role.DISTRICT_REVIEWER, area=area("444"), valid_from="2020-01-01"
    )
    district_officer.__dict__.pop("_appointments", None)
    with pytest.raises(NotAllowed) as refused:
        act.verify(assessment_id=sent.assessment_id, by=district_officer)
    assert refused.value.code == "four_eyes"


def test_nobody_approves_what_they_verified(reading, journey, district_reviewer, area):
    from accounts.models import Appointment
    from accounts.roles import Role

    ready = journey(reading(WATER), "50", until=State.APPRAISED)
    Appointment.objects.create(
        user=district_reviewer, role=Role.PROVINCE_OFFICER, area=area("42"), valid_from="2020-01-01"
    )
    district_reviewer.__dict__.pop("_appointments", None)
    with pytest.raises(NotAllowed) as refused:
        act.approve(reading_ids=[ready.pk], by=district_reviewer)
    assert refused.value.code == "four_eyes"


def test_steps_cannot_be_skipped(reading, journey, province_officer, department_officer):
    sent = journey(reading(WATER), "50", until=State.SUBMITTED)
    with pytest.raises(WrongState):
        act.appraise(reading_ids=[sent.pk], by=department_officer)
    with pytest.raises(WrongState):
        act.approve(reading_ids=[sent.pk], by=province_officer)


def test_a_department_appraises_only_its_own_criteria(reading, journey, department_officer, district_reviewer):
    journey(reading(WATER), "50", until=State.VERIFIED)
    foreign = reading("10.1")
    with pytest.raises((OutOfScope, NotAllowed)):
        act.appraise(reading_ids=[foreign.pk], by=department_officer)


def test_a_return_names_the_reason_and_goes_to_the_person_who_entered(reading, journey, province_officer):
    ready = journey(reading(WATER), "50", until=State.APPRAISED)
    with pytest.raises(Refused):
        act.return_reading(reading_id=ready.pk, reason="  ", version=ready.version, by=province_officer)
    back = act.return_reading(
        reading_id=ready.pk, reason="Thiếu minh chứng", version=ready.version, by=province_officer
    )
    assert (back.state, back.return_reason, back.returned_to) == (State.RETURNED, "Thiếu minh chứng", ready.entered_by)
    assert (back.submitted_by, back.verified_by, back.appraised_by) == (None, None, None)


def test_a_returned_value_can_be_corrected_and_travels_again(reading, journey, province_officer):
    ready = journey(reading(WATER), "50", until=State.APPRAISED)
    act.return_reading(reading_id=ready.pk, reason="Số không khớp", version=ready.version, by=province_officer)
    assert journey(reading(WATER), "60").state == State.APPROVED


def test_the_province_unlocks_one_value_and_the_rest_stays_approved(reading, journey, fill, folder, province_officer):
    fill()
    target = reading(WATER)
    act.unlock(reading_id=target.pk, reason="Đính chính số hộ", version=target.version, by=province_officer)
    assert reading(WATER).state == State.DRAFT
    others = folder.readings.exclude(pk=target.pk)
    assert not others.exclude(state=State.APPROVED).exists()


def test_a_closed_round_refuses_every_step(reading, journey, open_round_2024, district_officer, province_officer):
    import datetime as dt

    from criteria.actions.rounds import close_round

    target = reading(WATER)
    close_round(reading_round=open_round_2024, on=dt.date(2025, 1, 15), by=province_officer)
    with pytest.raises(WrongState) as refused:
        act.record(reading_id=target.pk, text="50", version=target.version, by=district_officer)
    assert refused.value.code == "round_closed"
    assert Reading.objects.get(pk=target.pk).version == target.version


def test_a_value_the_portal_computes_is_not_entered(folder, district_officer):
    target = folder.round.period.rounds.get(criteria_set__slug="commune-advanced-2021-2025")
    derived = Reading.objects.filter(
        assessment__round=target, assessment__area=folder.area, input__derived__isnull=False
    ).first()
    with pytest.raises(WrongState) as refused:
        act.record(reading_id=derived.pk, text="Đạt", version=derived.version, by=district_officer)
    assert refused.value.code == "derived"


def test_of_two_alternatives_the_one_without_a_value_does_not_apply(reading, district_officer):
    first = reading("5.1.a")
    act.record(reading_id=first.pk, text="75", version=first.version, by=district_officer)
    assert reading("5.1.b").not_applicable


def test_of_two_alternatives_one_must_apply(reading, district_officer):
    first, second = reading("5.1.a"), reading("5.1.b")
    act.record(reading_id=first.pk, text="không áp dụng", version=first.version, by=district_officer)
    with pytest.raises(Refused) as refused:
        act.record(reading_id=second.pk, text="không áp dụng", version=second.version, by=district_officer)
    assert refused.value.code == "one_must_apply"


def test_of_two_alternatives_one_must_apply_also_after_the_other_was_submitted(
    reading, district_officer, province_officer
):
    """Returned alone, a value cannot be made not to apply while its alternative, further on, does not either."""
    first = reading("5.1.a")
    act.record(reading_id=first.pk, text="80", version=first.version, by=district_officer)
    act.submit(assessment_id=first.assessment_id, by=district_officer)
    first, other = reading("5.1.a"), reading("5.1.b")
    assert (other.not_applicable, other.state) == (True, State.SUBMITTED)
    returned = act.return_reading(reading_id=first.pk, reason="Xem lại.", version=first.version, by=province_officer)
    with pytest.raises(Refused) as refused:
        act.record(reading_id=first.pk, text="không áp dụng", version=returned.version, by=district_officer)
    assert refused.value.code == "one_must_apply"

"""A recorded decision is compared with its paper, and a wrong one withdrawn, by a second person."""

import pytest
from django.urls import reverse

from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import AuditEvent
from communes import epochs
from criteria.actions.decisions import (
    ask_withdrawal,
    confirm_decision,
    keep_decision,
    record_decision,
    withdraw_decision,
)
from criteria.models import DirtyScope, Recognition
from criteria.queries.recognition import in_force, known_by
from tests.papers.conftest import DAY, HUONG_TRACH

WHY = "Ghi nhầm xã"


def holds_model() -> bool:
    return in_force(tier="model", on=DAY, decided_by=DAY).filter(code=HUONG_TRACH).exists()


def test_a_second_person_confirms_and_it_reads_as_compared(db, recorded, second_province_officer):
    confirm_decision(decision=recorded, by=second_province_officer)
    recorded.refresh_from_db()
    assert (recorded.confidence, recorded.confirmed_by) == ("verified", second_province_officer)
    assert set(recorded.recognitions.values_list("confidence", "number_confidence")) == {("verified", "verified")}


def test_who_recorded_a_decision_does_not_confirm_it(db, recorded, province_officer):
    with pytest.raises(NotAllowed) as refused:
        confirm_decision(decision=recorded, by=province_officer)
    assert refused.value.code == "four_eyes"


def test_a_decision_is_confirmed_once(db, recorded, second_province_officer):
    confirm_decision(decision=recorded, by=second_province_officer)
    with pytest.raises(WrongState):
        confirm_decision(decision=recorded, by=second_province_officer)


def test_a_request_to_withdraw_changes_nothing_until_another_agrees(db, recorded, province_officer):
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    assert holds_model()
    with pytest.raises(NotAllowed):
        withdraw_decision(decision=recorded, by=province_officer)
    assert holds_model()


def test_a_withdrawn_decision_counts_on_no_day_and_stays_readable(
    db, recorded, province_officer, second_province_officer, client_of
):
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    DirtyScope.objects.all().delete()
    before = epochs.current()
    withdraw_decision(decision=recorded, by=second_province_officer)
    assert not holds_model()
    assert not Recognition.objects.filter(known_by(None), decision=recorded).exists()
    assert set(DirtyScope.objects.values_list("area__code", flat=True)) == {"444", "42"}
    assert epochs.current() > before
    shown = client_of(province_officer).get(reverse("criteria:decision", args=[recorded.pk])).content.decode()
    assert "Đã rút" in shown
    assert WHY in shown


def test_a_withdrawal_is_told_with_its_reason_and_both_people(db, recorded, province_officer, second_province_officer):
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    withdraw_decision(decision=recorded, by=second_province_officer)
    told = AuditEvent.objects.get(action="decision.withdraw")
    assert (told.reason, told.actor_id, told.data["asked_by"]) == (WHY, second_province_officer.pk, province_officer.pk)
    assert AuditEvent.objects.get(action="recognition.withdrawn").area_path == f"/42/444/{HUONG_TRACH}/"


def test_the_number_of_a_withdrawn_decision_is_recorded_anew(
    db, recorded, paper, province_officer, second_province_officer
):
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    withdraw_decision(decision=recorded, by=second_province_officer)
    record_decision(paper=paper(), by=province_officer)
    assert holds_model()


def test_the_public_api_and_the_commune_page_no_longer_show_what_was_withdrawn(
    db, recorded, province_officer, second_province_officer, visitor
):
    address = f"/api/v1/recognitions/?area={HUONG_TRACH}&tier=model"
    assert visitor.get(address).json()["results"]
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    withdraw_decision(decision=recorded, by=second_province_officer)
    assert visitor.get(address).json()["results"] == []


def test_a_request_to_withdraw_can_be_turned_down(db, recorded, province_officer, second_province_officer):
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    keep_decision(decision=recorded, by=second_province_officer)
    recorded.refresh_from_db()
    assert (recorded.withdrawal_asked_by, recorded.withdrawal_reason) == (None, "")
    assert AuditEvent.objects.get(action="decision.keep").data["reason"] == WHY
    with pytest.raises(WrongState):
        withdraw_decision(decision=recorded, by=second_province_officer)


def test_what_a_later_revocation_rests_on_is_not_withdrawn_before_it(
    db, recorded, paper, province_officer, second_province_officer
):
    revoking = paper(number="9/QĐ-UBND", act=Recognition.Act.REVOKED, ground="Kết luận thanh tra số 5")
    later = record_decision(paper=revoking, by=province_officer)
    ask_withdrawal(decision=recorded, reason=WHY, by=province_officer)
    with pytest.raises(WrongState) as refused:
        withdraw_decision(decision=recorded, by=second_province_officer)
    assert later.number in refused.value.message
    ask_withdrawal(decision=later, reason=WHY, by=province_officer)
    withdraw_decision(decision=later, by=second_province_officer)
    assert holds_model()
    withdraw_decision(decision=recorded, by=second_province_officer)
    assert not holds_model()


def test_a_request_needs_a_reason(db, recorded, province_officer):
    with pytest.raises(Refused) as refused:
        ask_withdrawal(decision=recorded, reason="  ", by=province_officer)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("action", [confirm_decision, keep_decision, withdraw_decision])
def test_an_officer_of_a_district_takes_no_step(db, recorded, district_officer, action):
    with pytest.raises(OutOfScope):
        action(decision=recorded, by=district_officer)

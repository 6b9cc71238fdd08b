"""Staff that change: a place handed over from a day on, a place lent for a while; four eyes go by person."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import Appointment, AuditEvent, User
from accounts.roles import Permission, Role
from accounts.scope import has_permission
from criteria.actions import readings as act
from criteria.models import State
from criteria.queries import desk


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def held():
    """`held(user)`: the person's first appointment."""
    return lambda user: user.appointments.order_by("pk").first()


@pytest.fixture
def fresh():
    """`fresh(user)`: the person as the next request will see them."""
    return lambda user: User.objects.get(pk=user.pk)


@pytest.fixture
def newcomer(person) -> User:
    """Somebody without a role."""
    found = person("nguoi-moi")
    User.objects.filter(pk=found.pk).update(search_key="nguoi-moi can bo thu nghiem")
    return found


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def lend(held, giver, taker, today, *, by=None, until=7) -> Appointment:
    return actions.delegate(
        appointment=held(giver), to=taker, valid_from=today, valid_to=today + days(until), by=by or giver
    )


def test_a_place_changes_hands_on_its_day(office, held, fresh, today, administrator, district_officer, newcomer):
    actions.hand_over(appointment=held(district_officer), to=newcomer, on=today + days(3), by=administrator)
    assert has_permission(fresh(district_officer), Permission.ENTER)
    assert not has_permission(fresh(newcomer), Permission.ENTER)
    with time_machine.travel(dt.datetime.now(dt.UTC) + days(3)):
        assert not has_permission(fresh(district_officer), Permission.ENTER)
        assert has_permission(fresh(newcomer), Permission.ENTER)


def test_values_sent_back_to_the_old_officer_are_the_successors_to_mend(
    office, held, fresh, today, administrator, district_officer, newcomer, hands, province_officer
):
    reading = office.put("17.1", 50, State.APPRAISED, hands=[district_officer, *hands])
    act.return_reading(reading_id=reading.pk, reason="Thiếu biểu", version=reading.version, by=province_officer)
    assert reading.pk in [row.pk for row in desk.my_work(fresh(district_officer)).returned]
    actions.hand_over(appointment=held(district_officer), to=newcomer, on=today, by=administrator)
    assert reading.pk in [row.pk for row in desk.my_work(fresh(newcomer)).returned]
    assert not desk.my_work(fresh(district_officer)).returned
    mended = office.reading("17.1")
    act.record(reading_id=reading.pk, text="51", version=mended.version, by=fresh(newcomer))
    assert office.reading("17.1").entered_by == newcomer


def test_a_hand_over_is_told_in_the_history_of_both(held, today, administrator, district_officer, newcomer):
    actions.hand_over(appointment=held(district_officer), to=newcomer, on=today, by=administrator)
    (taken,) = AuditEvent.objects.filter(action="person.take-over", subject_id=str(newcomer.pk))
    (ended,) = AuditEvent.objects.filter(action="person.end-appointment", subject_id=str(district_officer.pk))
    assert taken.data["predecessor"] == str(district_officer)
    assert ended.data["successor"] == str(newcomer)


def test_the_last_administrator_may_hand_over(held, fresh, today, administrator, newcomer):
    actions.hand_over(appointment=held(administrator), to=newcomer, on=today, by=administrator)
    assert has_permission(fresh(newcomer), Permission.MANAGE_PEOPLE)
    assert not has_permission(fresh(administrator), Permission.MANAGE_PEOPLE)


def test_the_holder_lends_a_place_for_a_while(office, held, fresh, today, district_officer, newcomer):
    lend(held, district_officer, newcomer, today)
    assert has_permission(fresh(newcomer), Permission.ENTER)
    assert has_permission(fresh(district_officer), Permission.ENTER)
    with time_machine.travel(dt.datetime.now(dt.UTC) + days(8)):
        assert not has_permission(fresh(newcomer), Permission.ENTER)


def test_four_eyes_go_by_person_whosever_place_is_taken(
    office, held, fresh, today, district_officer, district_reviewer, client_of
):
    lend(held, district_reviewer, district_officer, today)
    reading = office.put("17.1", 50, State.SUBMITTED, hands=[district_officer, district_officer])
    with pytest.raises(NotAllowed, match="chính mình nhập"):
        act.verify(assessment_id=reading.assessment_id, by=fresh(district_officer))
    assert office.reading("17.1").state == State.SUBMITTED
    act.verify(assessment_id=reading.assessment_id, by=fresh(district_reviewer))
    assert office.reading("17.1").state == State.VERIFIED


def test_who_lent_it_cannot_act_twice_through_the_other(office, held, fresh, today, district_reviewer, newcomer, hands):
    """The giver stays barred from values that they handled; the taker is not."""
    lend(held, district_reviewer, newcomer, today)
    reading = office.put("17.1", 50, State.SUBMITTED, hands=[district_reviewer, *hands])
    with pytest.raises(NotAllowed):
        act.verify(assessment_id=reading.assessment_id, by=fresh(district_reviewer))
    assert act.verify(assessment_id=reading.assessment_id, by=fresh(newcomer)) == 1


def test_what_is_lent_ends_with_the_place_it_was_lent_from(
    held, fresh, today, administrator, district_officer, newcomer, person
):
    delegation = lend(held, district_officer, newcomer, today)
    later = lend(held, district_officer, person("nguoi-nua"), today + days(2))
    actions.end_appointment(appointment=held(district_officer), on=today, by=administrator)
    assert Appointment.objects.get(pk=delegation.pk).valid_to == today
    assert not Appointment.objects.filter(pk=later.pk).exists()


def test_a_hand_over_ends_what_was_lent(held, fresh, today, administrator, district_officer, newcomer, person):
    lent = lend(held, district_officer, person("nguoi-nua"), today)
    actions.hand_over(appointment=held(district_officer), to=newcomer, on=today + days(1), by=administrator)
    assert Appointment.objects.get(pk=lent.pk).valid_to == today


@pytest.mark.parametrize("who", ["district_officer", "newcomer", "administrator"])
def test_giver_taker_and_administrator_end_it_at_once(request, held, fresh, today, district_officer, newcomer, who):
    delegation = lend(held, district_officer, newcomer, today)
    actions.recall(delegation=delegation, by=request.getfixturevalue(who))
    assert not has_permission(fresh(newcomer), Permission.ENTER)
    assert AuditEvent.objects.filter(action="person.withdraw-appointment", subject_id=str(newcomer.pk)).exists()


def test_nobody_else_ends_it(held, today, district_officer, newcomer, province_officer):
    delegation = lend(held, district_officer, newcomer, today)
    with pytest.raises(NotAllowed):
        actions.recall(delegation=delegation, by=province_officer)
    with pytest.raises(WrongState):
        actions.recall(delegation=held(district_officer), by=district_officer)


def test_nobody_lends_what_is_not_theirs(held, today, district_officer, province_officer, newcomer, administrator):
    with pytest.raises(NotAllowed):
        lend(held, district_officer, newcomer, today, by=province_officer)
    assert lend(held, district_officer, newcomer, today, by=administrator).user == newcomer


def test_what_was_lent_and_the_care_of_accounts_are_not_lent_on(
    held, today, administrator, district_officer, newcomer, person
):
    delegation = lend(held, district_officer, newcomer, today)
    other = person("nguoi-nua")
    span = {"valid_from": today, "valid_to": today + days(1)}
    with pytest.raises(NotAllowed):
        actions.delegate(appointment=delegation, to=other, **span, by=newcomer)
    with pytest.raises(NotAllowed):
        actions.delegate(appointment=held(administrator), to=other, **span, by=administrator)
    with pytest.raises(Refused):
        actions.hand_over(appointment=delegation, to=other, on=today + days(1), by=administrator)


@pytest.mark.parametrize(("start", "end", "field"), [(-1, 3, "valid_from"), (3, 2, "valid_to"), (0, 400, "valid_to")])
def test_a_span_that_cannot_be_is_refused_at_its_field(held, today, district_officer, newcomer, start, end, field):
    Appointment.objects.filter(pk=held(district_officer).pk).update(valid_to=today + days(100))
    span = {"valid_from": today + days(start), "valid_to": today + days(end)}
    with pytest.raises(Refused) as refused:
        actions.delegate(appointment=held(district_officer), to=newcomer, **span, by=district_officer)
    assert refused.value.field == field
    assert not newcomer.appointments.exists()


def test_nobody_hands_over_to_oneself_or_to_a_suspended_account(held, today, administrator, district_officer, newcomer):
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    for to in (district_officer, newcomer):
        with pytest.raises(Refused) as refused:
            actions.hand_over(appointment=held(district_officer), to=to, on=today, by=administrator)
        assert refused.value.field == "to"


def test_the_same_place_is_not_given_twice(held, today, district_officer, newcomer):
    lend(held, district_officer, newcomer, today)
    with pytest.raises(Refused) as refused:
        lend(held, district_officer, newcomer, today)
    assert refused.value.field == "to"


def test_a_delegation_without_an_end_is_refused_by_the_database(held, today, district_officer, newcomer):
    lent = lend(held, district_officer, newcomer, today)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=lent.pk).update(valid_to=None)


# Pages


def test_the_holder_lends_through_the_pages_and_takes_it_back(
    held, fresh, today, client_of, district_officer, newcomer
):
    client = client_of(district_officer)
    url = reverse("accounts:delegate", args=[held(district_officer).pk])
    assert url in client.get(reverse("accounts:delegations")).content.decode()
    span = {"valid_from": today.isoformat(), "valid_to": (today + days(3)).isoformat()}
    assert client.post(url, {"to": "nguoi-moi", **span}).status_code == 302
    lent = newcomer.appointments.get()
    page = client.get(reverse("accounts:delegations")).content.decode()
    assert str(newcomer) in page
    assert (
        f"Thay <b>{district_officer}</b>" in client_of(newcomer).get(reverse("accounts:delegations")).content.decode()
    )
    assert client.post(reverse("accounts:recall", args=[lent.pk])).status_code == 302
    assert not has_permission(fresh(newcomer), Permission.ENTER)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"to": ""}, "Nhập tên đăng nhập"),
        ({"to": "không ai cả"}, "Không tìm thấy người này."),
        ({"to": "thử nghiệm"}, "Nhiều người khớp"),
        ({"to": "nguoi-moi", "valid_to": "mai"}, "Ngày không đọc được"),
    ],
)
def test_bad_input_is_told_at_its_field_and_changes_nothing(
    held, today, client_of, district_officer, newcomer, person, sent, words
):
    User.objects.filter(pk=person("ai-khac").pk).update(search_key="ai-khac can bo thu nghiem")
    url = reverse("accounts:delegate", args=[held(district_officer).pk])
    span = {"valid_from": today.isoformat(), "valid_to": today.isoformat()}
    answer = client_of(district_officer).post(url, {**span, **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not newcomer.appointments.exists()


def test_the_places_of_others_are_absent(held, client_of, district_officer, province_officer, newcomer, today):
    lent = lend(held, district_officer, newcomer, today)
    client = client_of(province_officer)
    assert client.get(reverse("accounts:delegate", args=[held(district_officer).pk])).status_code == 404
    assert client.post(reverse("accounts:recall", args=[lent.pk])).status_code == 404
    assert client.get(reverse("accounts:hand-over", args=[district_officer.pk, lent.pk])).status_code == 404


def test_the_administrator_hands_over_on_the_persons_page(held, today, client_of, administrator, district_officer):
    newcomer = User.objects.create(username="nguoi-thay", display_name="Nguyễn Thị Thay", search_key="nguoi-thay")
    client, place = client_of(administrator), held(district_officer)
    url = reverse("accounts:hand-over", args=[district_officer.pk, place.pk])
    assert url in client.get(reverse("accounts:person", args=[district_officer.pk])).content.decode()
    assert client.post(url, {"to": "nguoi-thay", "on": today.isoformat()}).status_code == 302
    assert newcomer.appointments.get().role == Role.DISTRICT_OFFICER
    page = client.get(reverse("accounts:person", args=[newcomer.pk])).content.decode()
    assert "Nhận bàn giao" in page

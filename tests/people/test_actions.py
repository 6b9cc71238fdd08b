"""Accounts, appointments, suspension and passwords as writes: what they refuse and what they leave behind."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import actions, tokens
from accounts.audit import history_of
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import ApiToken, Appointment, AuditEvent, Department, User
from accounts.roles import Permission, Role
from accounts.scope import has_permission

TODAY = dt.date(2024, 6, 1)


def appoint(user, role, *, by, **kwargs):
    return actions.appoint(user=user, role=role, by=by, **{"valid_from": TODAY, **kwargs})


def done_to(user):
    return list(history_of(user).values_list("action", "actor_id"))


def test_a_new_person_gets_a_one_time_password_and_must_change_it(administrator):
    made, secret = actions.create_person(username=" Mai.LT ", display_name="Lê  Thị Mai", by=administrator)
    assert (made.username, made.display_name, made.search_key) == ("mai.lt", "Lê Thị Mai", "mai.lt le thi mai")
    assert made.must_change_password
    assert made.check_password(secret)
    assert len(secret.replace("-", "")) == 16
    assert done_to(made) == [("person.create", administrator.pk)]


def test_one_time_passwords_differ_and_are_never_in_the_audit_trail(administrator, person):
    somebody = person("quen-mat-khau")
    secrets = {actions.reset_password(user=somebody, by=administrator) for _ in range(3)}
    assert len(secrets) == 3
    told = "".join(str(event.data) + event.reason for event in history_of(somebody))
    assert not any(secret in told for secret in secrets)


@pytest.mark.parametrize("username", ["", "ab", "Lê.Mai", "a b c", "-abc", "x" * 61])
def test_a_username_out_of_form_is_refused_at_its_field(administrator, username):
    with pytest.raises(Refused) as refused:
        actions.create_person(username=username, display_name="Ai đó", by=administrator)
    assert refused.value.field == "username"


def test_a_username_is_taken_once_whatever_its_case(administrator, person):
    person("trung-ten")
    with pytest.raises(Refused, match="đã có người dùng"):
        actions.create_person(username="Trung-Ten", display_name="Ai đó", by=administrator)


@pytest.mark.parametrize("who", ["province_officer", "district_officer", "department_officer"])
def test_only_an_administrator_writes_about_people(request, who, person, area):
    by, somebody = request.getfixturevalue(who), person("ai-do")
    held = Appointment.objects.create(user=somebody, role=Role.READER, area=area("42"), valid_from=TODAY)
    tries = [
        lambda: actions.create_person(username="moi", display_name="Mới", by=by),
        lambda: appoint(somebody, Role.READER, area=area("42"), by=by),
        lambda: actions.end_appointment(appointment=held, on=TODAY, by=by),
        lambda: actions.suspend(user=somebody, by=by),
        lambda: actions.reinstate(user=somebody, by=by),
        lambda: actions.reset_password(user=somebody, by=by),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    assert not history_of(somebody).exists()


@pytest.mark.parametrize(
    ("role", "code", "field"),
    [
        (Role.COMMUNE_OFFICER, "444", "area"),
        (Role.COMMUNE_OFFICER, None, "area"),
        (Role.DISTRICT_OFFICER, "18502", "area"),
        (Role.DISTRICT_REVIEWER, "42", "area"),
        (Role.PROVINCE_OFFICER, "444", "area"),
        (Role.READER, None, "area"),
        (Role.DEPARTMENT_OFFICER, "42", "department"),
        (Role.ADMINISTRATOR, "42", "area"),
    ],
)
def test_a_role_is_refused_with_the_wrong_kind_of_place(administrator, person, area, role, code, field):
    somebody = person("sai-noi")
    with pytest.raises(Refused) as refused:
        appoint(somebody, role, area=code and area(code), by=administrator)
    assert refused.value.field == field
    assert not somebody.appointments.exists()


def test_a_role_for_an_area_does_not_take_a_department_too(administrator, person, area, department):
    with pytest.raises(Refused):
        appoint(person("hai-noi"), Role.DISTRICT_OFFICER, area=area("444"), department=department, by=administrator)


def test_dates_of_an_appointment_are_in_order(administrator, person, area):
    with pytest.raises(Refused) as refused:
        appoint(person("nguoc"), Role.READER, area=area("42"), valid_to=dt.date(2024, 5, 31), by=administrator)
    assert refused.value.field == "valid_to"


def test_the_same_appointment_does_not_hold_twice_at_once(administrator, person, area):
    somebody = person("hai-lan")
    appoint(somebody, Role.READER, area=area("42"), valid_to=dt.date(2024, 12, 31), by=administrator)
    with pytest.raises(Refused):
        appoint(somebody, Role.READER, area=area("42"), valid_from=dt.date(2024, 12, 31), by=administrator)
    appoint(somebody, Role.READER, area=area("42"), valid_from=dt.date(2025, 1, 1), by=administrator)
    assert somebody.appointments.count() == 2


def test_an_appointment_and_its_end_are_told_in_the_audit_trail(administrator, person, area):
    somebody = person("ghi-so")
    held = appoint(somebody, Role.DISTRICT_OFFICER, area=area("444"), by=administrator)
    actions.end_appointment(appointment=held, on=dt.date(2024, 7, 31), by=administrator)
    held.refresh_from_db()
    assert held.valid_to == dt.date(2024, 7, 31)
    assert done_to(somebody) == [("person.appoint", administrator.pk), ("person.end-appointment", administrator.pk)]
    told = history_of(somebody).last().data
    assert (told["role"], told["place"], told["valid_to"], told["ended_on"]) == (
        "district_officer",
        "Huyện Hương Khê",
        None,
        "2024-07-31",
    )


def test_an_appointment_that_has_not_begun_is_withdrawn_and_the_trail_keeps_it(administrator, person, area):
    somebody = person("nham")
    held = appoint(somebody, Role.READER, area=area("42"), by=administrator)
    actions.end_appointment(appointment=held, on=TODAY - dt.timedelta(days=1), by=administrator)
    assert not somebody.appointments.exists()
    assert history_of(somebody).last().action == "person.withdraw-appointment"


def test_an_ended_appointment_is_not_made_longer(administrator, person, area):
    held = appoint(person("het"), Role.READER, area=area("42"), valid_to=TODAY, by=administrator)
    with pytest.raises(Refused) as refused:
        actions.end_appointment(appointment=held, on=TODAY + dt.timedelta(days=1), by=administrator)
    assert refused.value.field == "on"


def test_ending_an_appointment_today_takes_the_permission_tomorrow_and_yesterday_at_once(
    administrator, district_officer, fresh
):
    held, today = district_officer.appointments.get(), timezone.localdate()
    actions.end_appointment(appointment=held, on=today, by=administrator)
    assert has_permission(fresh(district_officer), Permission.ENTER)
    actions.end_appointment(appointment=held, on=today - dt.timedelta(days=1), by=administrator)
    assert not has_permission(fresh(district_officer), Permission.ENTER)


def test_an_administrator_cannot_suspend_himself_or_reset_his_own_password(administrator, person):
    person("quan-tri-khac", Role.ADMINISTRATOR)
    for action in (actions.suspend, actions.reset_password):
        with pytest.raises(NotAllowed):
            action(user=administrator, by=administrator)


def only(administrator):
    """Leave nobody else who manages people (demo accounts may have been loaded)."""
    Appointment.objects.filter(role=Role.ADMINISTRATOR).exclude(user=administrator).delete()


def test_the_last_administrator_cannot_be_removed(administrator):
    only(administrator)
    with pytest.raises(NotAllowed, match="quản trị cuối cùng"):
        actions.suspend(user=administrator, by=None)
    with pytest.raises(NotAllowed, match="quản trị cuối cùng"):
        actions.end_appointment(appointment=administrator.appointments.get(), on=timezone.localdate(), by=administrator)


def test_an_administrator_goes_when_another_one_stays(administrator, person):
    only(administrator)
    other = person("quan-tri-khac", Role.ADMINISTRATOR)
    actions.suspend(user=other, by=administrator)
    with pytest.raises(NotAllowed, match="quản trị cuối cùng"):
        actions.end_appointment(appointment=administrator.appointments.get(), on=TODAY, by=administrator)
    actions.reinstate(user=other, by=administrator)
    actions.end_appointment(appointment=administrator.appointments.get(), on=TODAY, by=administrator)


def test_suspending_twice_or_reinstating_an_open_account_is_a_wrong_state(administrator, person):
    somebody = person("hai-lan")
    with pytest.raises(WrongState):
        actions.reinstate(user=somebody, by=administrator)
    actions.suspend(user=somebody, by=administrator)
    with pytest.raises(WrongState):
        actions.suspend(user=somebody, by=administrator)


@pytest.mark.parametrize("action", [actions.suspend, actions.reset_password])
def test_api_tokens_end_with_suspension_and_with_a_reset(administrator, person, action):
    somebody = person("co-ma")
    tokens.issue(by=somebody)
    action(user=somebody, by=administrator)
    assert not ApiToken.objects.filter(user=somebody).exists()


def test_one_changes_ones_own_password_with_the_old_one(person, password):
    somebody = person("tu-doi")
    tokens.issue(by=somebody)
    actions.change_own_password(user=somebody, old=password, new="một câu dài dễ nhớ của riêng tôi")
    stored = User.objects.get(pk=somebody.pk)
    assert stored.check_password("một câu dài dễ nhớ của riêng tôi")
    assert not ApiToken.objects.filter(user=somebody).exists()
    assert done_to(somebody)[-1] == ("person.change-password", somebody.pk)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("sai rồi", "một câu dài dễ nhớ của riêng tôi", "old"),
        ("mot-mat-khau-dai-12", "mot-mat-khau-dai-12", "new"),
        ("mot-mat-khau-dai-12", "ngắn quá", "new"),
        ("mot-mat-khau-dai-12", "x" * 129, "new"),
    ],
)
def test_a_change_of_password_is_refused_at_the_field_at_fault(person, old, new, field):
    with pytest.raises(Refused) as refused:
        actions.change_own_password(user=person("doi-hong"), old=old, new=new)
    assert refused.value.field == field


def test_the_audit_trail_only_grows(administrator, person):
    actions.suspend(user=person("de-xem"), by=administrator)
    event = AuditEvent.objects.latest("id")
    event.reason = "khác"
    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).update(reason="khác")
    with pytest.raises(TypeError):
        AuditEvent.objects.bulk_update([event], ["reason"])


def test_a_department_officer_is_appointed_for_a_department(administrator, person):
    chosen = Department.objects.create(code="so-khac", name="Sở khác")
    held = appoint(person("so-moi"), Role.DEPARTMENT_OFFICER, department=chosen, by=administrator)
    assert (held.department, held.area, held.appointed_by) == (chosen, None, administrator)

"""The access policy, role by role: this table is what officials review."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Appointment
from accounts.roles import ROLES, AttachedTo, Role
from accounts.roles import Permission as P
from accounts.scope import (
    appointments_of,
    attached_to,
    granted_area_ids,
    granted_departments,
    has_permission,
    roles_with,
)

POLICY = {
    Role.COMMUNE_OFFICER: {P.SEE_DRAFTS, P.ENTER, P.SUBMIT, P.KEEP_BOOK, P.KEEP_OCOP, P.KEEP_LEDGER},
    Role.DISTRICT_OFFICER: {
        P.SEE_DRAFTS,
        P.ENTER,
        P.SUBMIT,
        P.KEEP_BOOK,
        P.KEEP_OCOP,
        P.RATE_OCOP,
        P.KEEP_LEDGER,
        P.MAKE_DOCUMENTS,
        P.SEE_AUDIT,
    },
    Role.DISTRICT_REVIEWER: {
        P.SEE_DRAFTS,
        P.VERIFY,
        P.RETURN,
        P.RATE_OCOP,
        P.CHECK_LEDGER,
        P.MAKE_DOCUMENTS,
        P.SEE_AUDIT,
    },
    Role.DEPARTMENT_OFFICER: {P.SEE_DRAFTS, P.APPRAISE, P.RETURN},
    Role.PROVINCE_OFFICER: set(P) - {P.APPRAISE, P.MANAGE_PEOPLE, P.KEEP_BOOK},
    Role.ADMINISTRATOR: {P.MANAGE_PEOPLE, P.MANAGE_WEBHOOKS},
    Role.READER: {P.SEE_DRAFTS},
}
ATTACHMENTS = {
    Role.COMMUNE_OFFICER: AttachedTo.COMMUNE,
    Role.DISTRICT_OFFICER: AttachedTo.DISTRICT,
    Role.DISTRICT_REVIEWER: AttachedTo.DISTRICT,
    Role.DEPARTMENT_OFFICER: AttachedTo.DEPARTMENT,
    Role.PROVINCE_OFFICER: AttachedTo.PROVINCE,
    Role.ADMINISTRATOR: AttachedTo.NOTHING,
    Role.READER: AttachedTo.PROVINCE,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", P)
def test_each_role_holds_exactly_its_permissions(role, permission):
    assert (permission in ROLES[role].permissions) == (permission in POLICY[role])


@pytest.mark.parametrize("role", Role)
def test_each_role_is_attached_to_one_kind_of_place(role):
    assert attached_to(role) is ATTACHMENTS[role]


def test_a_permission_reaches_only_the_place_of_its_appointment(district_officer, area):
    assert granted_area_ids(district_officer, P.ENTER) == {area("444").pk}
    assert granted_area_ids(district_officer, P.APPROVE) == set()


def test_a_department_officer_is_granted_a_department_and_no_area(department_officer, department):
    assert granted_departments(department_officer, P.APPRAISE) == {department}
    assert granted_area_ids(department_officer, P.SEE_DRAFTS) == set()


def test_a_person_may_hold_several_appointments_at_once(district_officer, area):
    today = timezone.localdate()
    Appointment.objects.create(user=district_officer, role=Role.PROVINCE_OFFICER, area=area("42"), valid_from=today)
    assert granted_area_ids(district_officer, P.ENTER) == {area("444").pk, area("42").pk}
    assert granted_area_ids(district_officer, P.ENTER, {Role.DISTRICT_OFFICER}) == {area("444").pk}
    assert roles_with(district_officer, P.ENTER) == {Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER}


def test_a_visitor_holds_nothing():
    assert appointments_of(AnonymousUser()) == []
    assert not has_permission(AnonymousUser(), P.SEE_DRAFTS)


def test_a_suspended_person_holds_nothing(province_officer):
    province_officer.is_active = False
    assert not has_permission(province_officer, P.APPROVE)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(-10, None, True), (0, 0, True), (1, None, False), (-10, -1, False), (-10, 0, True)],
)
def test_an_appointment_holds_from_its_first_day_to_its_last(person, area, starts, ends, holds):
    today, somebody = timezone.localdate(), person("co-ngay")
    Appointment.objects.create(
        user=somebody,
        role=Role.DISTRICT_OFFICER,
        area=area("444"),
        valid_from=today + dt.timedelta(days=starts),
        valid_to=None if ends is None else today + dt.timedelta(days=ends),
    )
    assert has_permission(somebody, P.ENTER) is holds


def test_appointments_are_read_once_a_request(province_officer, django_assert_num_queries):
    with django_assert_num_queries(1):
        for permission in P:
            has_permission(province_officer, permission)

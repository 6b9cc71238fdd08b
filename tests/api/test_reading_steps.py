"""Entering, returning, unlocking, appraising and approving values over the API."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AuditEvent
from criteria.models import Reading, State
from tests.api.conftest import as_problem


@pytest.fixture
def draft(reading):
    return reading("17.9")


@pytest.fixture
def enter(send, draft, district_officer):
    """`enter(value=…)`: a PATCH of the draft by the district's officer."""

    def write(by=district_officer, version=1, **body):
        return send(by, "patch", f"readings/{draft.pk}/", version=version, **body)

    return write


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (95.5, 95.5),
        (95, 95.0),
        (1.234, 1.234),
        (0.125, 0.125),
        ("95,5 %", 95.5),
        ("95,5", 95.5),
        ("", None),
        (None, None),
    ],
)
def test_a_value_is_stored_as_it_was_meant(enter, sent, stored):
    response = enter(value=sent)
    assert response.status_code == 200, response.content
    assert response.json()["value"] == stored


@pytest.mark.parametrize(("sent", "stored"), [(True, 1.0), (False, 0.0), ("Đạt", 1.0), ("CĐ", 0.0), ("x", 1.0)])
def test_a_yes_or_no_is_understood(send, reading, district_officer, sent, stored):
    response = send(district_officer, "patch", f"readings/{reading('17.3').pk}/", value=sent, version=1)
    assert response.status_code == 200, response.content
    assert response.json()["value"] == stored


def test_a_number_is_never_read_the_vietnamese_way(send, folder, district_officer):
    income = folder.readings.get(input__indicator__criterion__code="10")
    response = send(district_officer, "patch", f"readings/{income.pk}/", value=46.125, version=1)
    assert response.json()["value"] == 46.125
    body = as_problem(send(district_officer, "patch", f"readings/{income.pk}/", value="46.125", version=2), 400)
    assert body["errors"][0]["field"] == "value"


def test_an_entry_raises_the_version_and_is_in_the_trail(enter, draft, district_officer):
    body = enter(value=95.5, note="Theo biên bản nghiệm thu").json()
    assert (body["version"], body["note"], body["state"]) == (2, "Theo biên bản nghiệm thu", "draft")
    event = AuditEvent.objects.get(action="reading.record", subject_id=str(draft.pk))
    assert event.actor_id == district_officer.pk


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ("1.234", 400, "unreadable"),
        ("chín mươi", 400, "unreadable"),
        (130, 400, "out_of_range"),
        (-1, 400, "out_of_range"),
        (1e300, 400, None),
        ([95], 400, "invalid"),
        ({"a": 1}, 400, "invalid"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field_and_changes_nothing(enter, draft, sent, status, code):
    body = as_problem(enter(value=sent), status)
    (error,) = body["errors"]
    assert (error["pointer"], error["field"]) == ("#/value", "value")
    assert error["code"] == (code or error["code"])
    draft.refresh_from_db()
    assert (draft.value, draft.version) == (None, 1)


def test_not_a_number_is_no_json(draft, district_officer, client_of):
    text = '{"value": NaN, "version": 1}'
    response = client_of(district_officer).patch(f"/api/v1/readings/{draft.pk}/", text, content_type="application/json")
    as_problem(response, 400)


def test_a_missing_value_is_named(send, draft, district_officer):
    problem = as_problem(send(district_officer, "patch", f"readings/{draft.pk}/", version=1), 400)
    assert [error["pointer"] for error in problem["errors"]] == ["#/value"]


def test_a_stale_version_gets_both_values_and_changes_nothing(enter, draft):
    enter(value=95.5)
    body = as_problem(enter(value=96.5, version=1), 409)
    assert body["type"].endswith(":stale")
    assert body["theirs"] == "95.5"
    assert body["mine"] == 96.5
    assert body["version"] == 2
    draft.refresh_from_db()
    assert draft.value == Decimal("95.5")


def test_the_same_entry_twice_is_harmless(enter):
    first, second = enter(value=95.5).json(), enter(value=95.5).json()
    assert first["version"] == second["version"]


def test_nobody_is_asked_to_sign_in(send, draft):
    response = send(None, "patch", f"readings/{draft.pk}/", value=95.5, version=1)
    as_problem(response, 401)
    assert response["WWW-Authenticate"] == "Token"


def test_another_district_finds_nothing(enter, draft, other_district_officer):
    as_problem(enter(by=other_district_officer, value=95.5), 404)
    draft.refresh_from_db()
    assert draft.value is None


def test_a_reviewer_sees_but_does_not_enter(enter, district_reviewer):
    as_problem(enter(by=district_reviewer, value=95.5), 403)


def test_a_closed_round_takes_no_value(enter, folder):
    folder.round.closed_on = "2025-01-15"
    folder.round.save()
    assert as_problem(enter(value=95.5), 409)["type"].endswith(":round_closed")


def test_a_value_travels_to_the_public_list(send, read, draft, folder, journey_people):
    officer, reviewer, department, province = journey_people
    address = f"readings/{draft.pk}"
    assert send(officer, "patch", f"{address}/", value="95,5 %", version=1, note="Đã kiểm tra lại.").status_code == 200
    assert send(officer, "post", f"assessments/{folder.pk}/submit/").json()["by_state"]["submitted"] == 1
    assert send(reviewer, "post", f"assessments/{folder.pk}/verify/").json()["by_state"]["verified"] == 1
    assert send(department, "post", f"{address}/appraise/", version=4).json()["state"] == "appraised"
    assert read("readings/", input="17.9", assessment=folder.pk)["count"] == 0
    assert send(province, "post", f"{address}/approve/", version=5).json()["state"] == "approved"
    assert read("readings/", input="17.9", assessment=folder.pk)["count"] == 1


@pytest.fixture
def journey_people(district_officer, district_reviewer, department_officer, province_officer):
    return district_officer, district_reviewer, department_officer, province_officer


def test_four_eyes_hold_over_the_api(send, journey, draft, province_officer, second_province_officer):
    value = journey(draft, "95,5", until=State.APPRAISED)
    Reading.objects.filter(pk=value.pk).update(appraised_by=province_officer)
    address, seen = f"readings/{value.pk}/approve/", value.version
    body = as_problem(send(province_officer, "post", address, version=seen), 403)
    assert body["type"].endswith(":four_eyes")
    assert send(second_province_officer, "post", address, version=seen).status_code == 200


def test_an_approval_of_another_version_is_refused(send, journey, draft, province_officer):
    value = journey(draft, "95,5", until=State.APPRAISED)
    stale = send(province_officer, "post", f"readings/{value.pk}/approve/", version=value.version - 1)
    assert as_problem(stale, 409)["type"].endswith(":stale")
    assert send(province_officer, "post", f"readings/{value.pk}/approve/", version=value.version).status_code == 200


def test_an_appraisal_of_another_version_is_refused(send, journey, draft, department_officer):
    value = journey(draft, "95,5", until=State.VERIFIED)
    address = f"readings/{value.pk}/appraise/"
    stale = send(department_officer, "post", address, version=value.version - 1)
    assert as_problem(stale, 409)["type"].endswith(":stale")
    assert send(department_officer, "post", address, version=value.version).json()["state"] == "appraised"


def test_a_value_is_returned_with_a_reason(send, journey, draft, province_officer):
    value = journey(draft, "95,5", until=State.APPRAISED)
    address = f"readings/{value.pk}/return/"
    empty = as_problem(send(province_officer, "post", address, reason=" ", version=value.version), 400)
    assert empty["errors"][0]["field"] == "reason"
    body = send(province_officer, "post", address, reason="Thiếu biên bản", version=value.version).json()
    assert (body["state"], body["return_reason"]) == ("returned", "Thiếu biên bản")


def test_an_approved_value_is_unlocked_with_a_reason(send, journey, draft, province_officer, district_officer):
    value = journey(draft, "95,5")
    address = f"readings/{value.pk}/unlock/"
    as_problem(send(district_officer, "post", address, reason="Sai", version=value.version), 403)
    body = send(province_officer, "post", address, reason="Nhập nhầm", version=value.version).json()
    assert body["state"] == "draft"


def test_a_token_writes_without_a_csrf_token(draft, district_officer, password):
    client = Client(enforce_csrf_checks=True)
    credentials = {"username": district_officer.username, "password": password}
    asked = client.post("/api/v1/auth/token/", credentials, content_type="application/json")
    response = client.patch(
        f"/api/v1/readings/{draft.pk}/",
        {"value": 95.5, "version": 1},
        content_type="application/json",
        headers={"authorization": f"Token {asked.json()['token']}"},
    )
    assert response.status_code == 200
    assert not client.cookies


def test_a_session_writes_only_with_the_csrf_token(draft, district_officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(district_officer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.patch(
        f"/api/v1/readings/{draft.pk}/", {"value": 95.5, "version": 1}, content_type="application/json"
    )
    as_problem(response, 403)
    draft.refresh_from_db()
    assert draft.value is None

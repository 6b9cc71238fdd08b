"""Idempotency-Key: a write that is sent twice happens once, whatever became of the first answer."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts import idempotency
from accounts.models import AuditEvent, KeptAnswer
from criteria.actions import readings as act
from criteria.models import Reading, State
from criteria.tasks import clean_imports
from tests.api.conftest import as_problem

KEY = "3f2a-1"


@pytest.fixture
def draft(reading):
    return reading("17.9")


@pytest.fixture
def enter(send, draft, district_officer):
    def write(key=KEY, by=district_officer, version=1, **body):
        return send(
            by, "patch", f"readings/{draft.pk}/", headers={"idempotency-key": key}, **{"version": version, **body}
        )

    return write


def times_entered(draft):
    return AuditEvent.objects.filter(action="reading.record", subject_id=str(draft.pk)).count()


def test_the_second_time_is_answered_as_the_first_and_writes_nothing(enter, draft):
    first, second = enter(value=95.5), enter(value=95.5)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert times_entered(draft) == 1


def test_the_first_answer_stands_although_the_value_moved_on(enter, send, draft, district_officer):
    first = enter(value=95.5)
    send(district_officer, "patch", f"readings/{draft.pk}/", value=97, version=2)
    assert enter(value=95.5).json() == first.json()
    draft.refresh_from_db()
    assert draft.value == 97


def test_a_step_of_a_value_and_of_a_folder_happen_once(send, journey, draft, province_officer):
    journey(draft, "95,5", until=State.APPRAISED)
    draft.refresh_from_db()
    address, headers = f"readings/{draft.pk}/approve/", {"idempotency-key": KEY}
    for _ in range(2):
        assert send(province_officer, "post", address, headers=headers, version=draft.version).status_code == 200
    assert AuditEvent.objects.filter(action="reading.approve", subject_id=str(draft.pk)).count() == 1


def test_the_same_key_with_another_body_is_refused(enter, draft):
    enter(value=95.5)
    assert as_problem(enter(value=96), 422)["type"].endswith(":key_reused")
    assert times_entered(draft) == 1


def test_the_same_key_at_another_address_is_refused(enter, send, reading, district_officer):
    enter(value=1)
    other = f"readings/{reading('17.3').pk}/"
    as_problem(send(district_officer, "patch", other, headers={"idempotency-key": KEY}, value=1, version=1), 422)


def test_keys_are_a_persons_own(enter, commune_officer, second_district_officer, draft):
    enter(value=95.5)
    other = enter(by=second_district_officer, value=95.5)
    assert "Idempotency-Replayed" not in other


@pytest.fixture
def second_district_officer(person, area):
    return person("huyen-nhap-2", "district_officer", area=area("444"))


def test_a_refusal_is_not_kept(enter, draft):
    as_problem(enter(value=130), 400)
    assert not KeptAnswer.objects.exists()
    assert enter(value=95.5).status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "khoá"])
def test_a_key_that_is_none_is_refused(enter, key, draft):
    assert as_problem(enter(key=key, value=95.5), 400)["type"].endswith(":invalid_key")
    assert times_entered(draft) == 0


def test_a_visitor_is_asked_to_sign_in_and_leaves_no_key(draft):
    response = Client().patch(
        f"/api/v1/readings/{draft.pk}/", {}, content_type="application/json", headers={"idempotency-key": KEY}
    )
    as_problem(response, 401)
    assert not KeptAnswer.objects.exists()


def test_a_key_on_a_form_is_no_crash(draft, district_officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(district_officer, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["csrftoken"] = token = "a" * 32
    given = {"csrfmiddlewaretoken": token}
    response = client.post(f"/api/v1/readings/{draft.pk}/approve/", given, headers={"idempotency-key": KEY})
    as_problem(response, 415)


def test_the_token_of_a_sign_in_is_never_kept(district_officer, password, client_of):
    credentials = {"username": district_officer.username, "password": password}
    for _ in range(2):
        answer = Client().post(
            "/api/v1/auth/token/", credentials, content_type="application/json", headers={"idempotency-key": KEY}
        )
        assert answer.status_code == 200
    assert not KeptAnswer.objects.exists()


def test_a_key_is_free_again_after_a_day(enter, draft):
    enter(value=95.5)
    KeptAnswer.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    assert "Idempotency-Replayed" not in enter(value=96, version=2)
    assert times_entered(draft) == 2


def test_the_night_takes_old_answers_away(enter, draft):
    enter(value=95.5)
    clean_imports()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    clean_imports()
    assert not KeptAnswer.objects.exists()


def test_a_crash_before_the_commit_leaves_neither_key_nor_value(enter, draft, monkeypatch):
    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(idempotency, "_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        enter(value=95.5)
    monkeypatch.undo()
    draft.refresh_from_db()
    assert (draft.value, KeptAnswer.objects.count(), times_entered(draft)) == (None, 0, 0)
    assert enter(value=95.5).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_twin_of_a_request_in_hand_is_told_so_or_waits_for_its_answer(folder, district_officer, monkeypatch):
    """PostgreSQL refuses the twin at once (409); SQLite, with one writer at a time, makes it wait, then repeats."""
    draft = folder.readings.get(input__code="17.9")
    inside, go_on = threading.Event(), threading.Event()
    record, answers = act.record, {}

    def slow(**asked):
        inside.set()
        go_on.wait(10)
        return record(**asked)

    def send(name):
        client = Client()
        client.force_login(district_officer, backend="django.contrib.auth.backends.ModelBackend")
        body, headers = {"value": 95.5, "version": 1}, {"idempotency-key": KEY}
        address = f"/api/v1/readings/{draft.pk}/"
        answers[name] = client.patch(address, body, content_type="application/json", headers=headers)
        connections.close_all()

    monkeypatch.setattr(act, "record", slow)
    first = threading.Thread(target=send, args=("first",))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=send, args=("second",))
    second.start()
    second.join(10 if connection.vendor == "postgresql" else 0.5)
    go_on.set()
    first.join(20)
    second.join(20)
    assert answers["first"].status_code == 200
    if connection.vendor == "postgresql":
        assert as_problem(answers["second"], 409)["type"].endswith(":in_progress")
    else:
        assert answers["second"]["Idempotency-Replayed"] == "true"
    assert Reading.objects.get(pk=draft.pk).version == 2

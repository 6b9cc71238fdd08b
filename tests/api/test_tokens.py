"""/api/v1/auth/: a token for a username and password."""

import pytest
from django.test import Client

from accounts import actions
from accounts.models import AuditEvent, User
from tests.api.conftest import as_problem

PASSWORD = "a-long-password-12"


def ask(username="somebody", password=PASSWORD, **more):
    body = {"username": username, "password": password, **more}
    return Client().post("/api/v1/auth/token/", body, content_type="application/json")


def with_token(token):
    return Client(headers={"authorization": f"Token {token}"})


def test_a_username_and_password_give_a_token(somebody):
    response = ask()
    assert response.status_code == 200
    assert set(response.json()) == {"token", "expiry"}
    assert response["Cache-Control"] == "no-store"


def test_a_token_reads_as_its_owner_and_sets_no_cookie(somebody):
    asked = ask()
    read = with_token(asked.json()["token"]).get("/api/v1/communes/")
    assert read["Cache-Control"].startswith("private")
    assert not asked.cookies
    assert not read.cookies


def test_giving_a_token_is_in_the_audit_trail(somebody):
    ask()
    assert AuditEvent.objects.filter(action="token.issue", actor_id=somebody.pk).count() == 1


@pytest.mark.parametrize(("username", "password"), [("somebody", "wrong"), ("nobody", PASSWORD)])
def test_wrong_and_unknown_are_not_told_apart(somebody, username, password):
    body = as_problem(ask(username, password), 401)
    assert body["type"] == "urn:ntm-portal:problem:wrong_credentials"
    assert body["detail"] == "Tên đăng nhập hoặc mật khẩu chưa đúng."


def test_a_suspended_person_gets_no_token(somebody):
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    assert as_problem(ask(), 401)["type"].endswith("wrong_credentials")


def test_the_token_of_a_suspended_person_is_refused(somebody):
    token = ask().json()["token"]
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    as_problem(with_token(token).get("/api/v1/communes/"), 401)


def test_suspension_ends_the_tokens(somebody):
    token = ask().json()["token"]
    actions.suspend(user=somebody, by=None)
    actions.reinstate(user=somebody, by=None)
    as_problem(with_token(token).get("/api/v1/communes/"), 401)


def test_a_one_time_password_gives_no_token(somebody):
    User.objects.filter(pk=somebody.pk).update(must_change_password=True)
    assert "đổi mật khẩu" in as_problem(ask(), 403)["detail"]


def test_a_token_ends_at_logout(somebody):
    client = with_token(ask().json()["token"])
    assert client.post("/api/v1/auth/logout/").status_code == 204
    as_problem(client.get("/api/v1/communes/"), 401)


def test_logout_without_a_token_is_refused(api):
    as_problem(api.post("/api/v1/auth/logout/"), 401)


def test_too_many_wrong_passwords_lock_this_account_from_here(somebody, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        ask(password="wrong")
    response = ask()
    as_problem(response, 429)
    assert 0 < int(response["Retry-After"]) <= settings.AXES_COOLOFF_TIME.total_seconds() + 1


def test_missing_credentials_are_named(api):
    response = api.post("/api/v1/auth/token/", {"username": "somebody"}, content_type="application/json")
    body = as_problem(response, 400)
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [("#/password", "required")]


def test_a_body_that_is_no_json_is_refused(api):
    response = api.post("/api/v1/auth/token/", "{", content_type="application/json")
    assert as_problem(response, 400)["type"].endswith("parse_error")


def test_a_body_of_another_type_is_refused(api):
    as_problem(api.post("/api/v1/auth/token/", {"username": "x"}), 415)


def test_a_body_that_is_no_object_is_refused(api):
    response = api.post("/api/v1/auth/token/", "[1]", content_type="application/json")
    assert as_problem(response, 400)["errors"][0]["pointer"] == "#"

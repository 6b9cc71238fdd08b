"""Every error of the API is a problem document in Vietnamese."""

import re
from pathlib import Path

import pytest
from django.test import Client
from rest_framework.exceptions import ValidationError

from accounts.errors import Refused, Stale
from communes.api import CommuneViewSet
from ntm_portal.problems import english, problem_response
from tests.api.conftest import as_problem

ROOT = Path(__file__).resolve().parents[2]


def test_an_unknown_address_is_a_problem(api):
    body = as_problem(api.get("/api/v1/nothing/here/"), 404)
    assert body["type"] == "urn:ntm-portal:problem:not_found"
    assert body["title"] == "Không tìm thấy"


def test_a_forgotten_last_slash_is_forgiven(api):
    response = api.get("/api/v1/communes?as_of=2024-12-31")
    assert response.status_code == 308
    assert response["Location"] == "/api/v1/communes/?as_of=2024-12-31"


def test_a_method_that_is_not_served_is_a_problem(signed_in):
    response = signed_in.delete("/api/v1/communes/")
    as_problem(response, 405)
    assert "GET" in response["Allow"]


def test_a_write_without_sign_in_is_refused_with_a_challenge(api):
    response = api.post("/api/v1/communes/", {}, content_type="application/json")
    as_problem(response, 401)
    assert response["WWW-Authenticate"] == "Token"


def test_a_wrong_token_is_refused(api):
    response = api.get("/api/v1/communes/", headers={"authorization": "Token " + "a" * 64})
    body = as_problem(response, 401)
    assert body["type"].endswith("authentication_failed")


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token Å¾", "Token \xff", "Token abc"])
def test_a_malformed_token_is_refused(api, header):
    as_problem(api.get("/api/v1/communes/", HTTP_AUTHORIZATION=header), 401)


def test_a_session_write_without_the_csrf_token_is_refused(somebody):
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody)
    body = as_problem(client.post("/api/v1/communes/", {}, content_type="application/json"), 403)
    assert "CSRF" in body["detail"]


def test_another_format_is_not_acceptable(api):
    as_problem(api.get("/api/v1/communes/", headers={"accept": "application/xml"}), 406)


def test_a_crash_is_a_problem_without_its_cause(monkeypatch):
    def broken(self):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(CommuneViewSet, "get_queryset", broken)
    response = Client(raise_request_exception=False).get("/api/v1/communes/")
    body = as_problem(response, 500)
    assert "secret" not in response.content.decode()
    assert body["title"] == "Lỗi của hệ thống"


def test_a_crash_is_told_to_whoever_watches(api, monkeypatch):
    def broken(self):
        raise ZeroDivisionError("for the log")

    monkeypatch.setattr(CommuneViewSet, "get_queryset", broken)
    with pytest.raises(ZeroDivisionError):
        api.get("/api/v1/communes/")


def test_a_refusal_names_its_field(rf):
    response = problem_response(Refused("Số quá lớn.", field="value"), {"request": rf.post("/")})
    assert response.status_code == 422
    assert response.data["errors"] == [
        {
            "pointer": "#/value",
            "field": "value",
            "code": "invalid",
            "message": "Số quá lớn.",
            "message_en": "It is not valid.",
        }
    ]


def test_a_stale_write_gets_both_values(rf):
    stale = Stale("Giá trị đã đổi.", field="value", mine="95", theirs="96", base="94")
    data = problem_response(stale, {"request": rf.patch("/")}).data
    assert (data["status"], data["mine"], data["theirs"], data["base"]) == (409, "95", "96", "94")
    assert data["type"].endswith(":stale")


def test_a_problem_is_told_in_english_too(problem):
    body = problem("communes/", colour="red")
    assert body["detail_en"] == "Something is not valid; see errors."
    (error,) = body["errors"]
    assert error["message_en"] == "There is no such parameter; see allowed."
    assert {"as_of", "district", "limit", "ordering"} <= set(error["allowed"])


def test_a_place_in_a_body_is_a_json_pointer(rf):
    faults = ValidationError({"rows": [{"a/b": ["Sai."]}, {"c~d": [{"e": ["Sai."]}]}]})
    data = problem_response(faults, {"request": rf.post("/")}).data
    assert [error["pointer"] for error in data["errors"]] == ["#/rows/0/a~1b", "#/rows/1/c~0d/0/e"]


_RAISED = re.compile(r'(?:code|default_code)(?:: str)? ?= ?"([a-z_]+)"')


@pytest.mark.parametrize(
    "folder", ["accounts", "communes", "criteria/actions/readings", "criteria/rules", "ntm_portal"]
)
def test_every_code_that_the_api_may_answer_has_an_english_sentence(folder):
    found = {code for file in (ROOT / folder).rglob("*.py") for code in _RAISED.findall(file.read_text())}
    assert found - set(english()) == set()

"""What hostile or broken bodies meet: a clear refusal, nothing read beyond its limit, nothing changed."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client

from tests.api.conftest import as_problem

MB = 1024 * 1024
CONTRACT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
PATHS = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"]


@pytest.fixture
def draft(reading):
    return reading("17.9")


@pytest.fixture
def sent(client_of, district_officer, draft):
    """`sent(text)`: a body as it stands, to the draft."""

    def patch(text, user=district_officer, **headers):
        client = client_of(user)
        return client.patch(f"/api/v1/readings/{draft.pk}/", text, content_type="application/json", headers=headers)

    return patch


@pytest.fixture
def unchanged(draft):
    yield
    draft.refresh_from_db()
    assert (draft.value, draft.version, draft.note) == (None, 1, draft.note)


class Unread:
    """A body that nobody may read."""

    def read(self, *size):
        raise AssertionError("the body was read")


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_of_100_megabytes_is_refused_before_it_is_read(
    client_of, district_officer, draft, unchanged, monkeypatch, content_type
):
    monkeypatch.setattr(WSGIRequest, "read", Unread.read)
    answer = client_of(district_officer, enforce_csrf_checks=True).generic(
        "PATCH", f"/api/v1/readings/{draft.pk}/", b"{}", content_type, CONTENT_LENGTH=str(100 * MB)
    )
    body = as_problem(answer, 413)
    assert (body["type"], body["limit"]) == ("urn:ntm-portal:problem:too_large", MB)


def test_a_stranger_learns_the_limit_before_signing_in_and_the_page_is_not_limited_by_it(draft):
    answer = Client().generic("PATCH", f"/api/v1/readings/{draft.pk}/", b"{}", CONTENT_LENGTH=str(2 * MB))
    as_problem(answer, 413)
    assert Client().post("/dang-nhap/", {"username": "x" * (MB + 1)}).status_code != 413


def test_a_body_at_the_limit_is_read(sent, unchanged):
    head, tail = '{"value": 95.5, "version": 1, "note": "', '"}'
    text = head + "x" * (MB - len(head) - len(tail)) + tail
    (error,) = as_problem(sent(text), 400)["errors"]
    assert error["pointer"] == "#/note"
    as_problem(sent(text + " "), 413)


@pytest.mark.parametrize("levels", [21, 1_000, 100_000, 500_000])
@pytest.mark.parametrize("shape", ['{{"a": {}}}', "[{}]"])
def test_endless_nesting_is_no_crash(sent, unchanged, levels, shape):
    opening, closing = shape.format("\0").split("\0")
    text = (opening * levels + "1" + closing * levels)[:MB]
    as_problem(sent(text), 400)


def test_a_member_named_twice_is_refused_by_its_name(sent, unchanged):
    body = as_problem(sent('{"value": 95.5, "version": 1, "value": 12}'), 400)
    assert body["type"].endswith(":parse_error")
    assert "“value”" in body["detail"]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999999", "9" * 5000, "0x10", "01", "1."]
)
def test_a_number_that_is_none_is_refused(sent, unchanged, number):
    as_problem(sent(f'{{"value": {number}, "version": 1}}'), 400)


@pytest.mark.parametrize("version", ["-1", "2147483648", "9" * 23, "1.5", "true", "[1]", "null"])
def test_a_version_that_cannot_be_is_refused(sent, unchanged, version):
    (error,) = as_problem(sent(f'{{"value": 95.5, "version": {version}}}'), 400)["errors"]
    assert error["pointer"] == "#/version"


@pytest.mark.parametrize("text", ["\\u0000", "a\\u0000b", "\\ud800", "\\udc00x"])
@pytest.mark.parametrize("member", ["value", "note", "unknown"])
def test_a_character_that_no_row_can_hold_is_refused(sent, unchanged, member, text):
    body = {"value": "95,5", "version": 1, member: "@"}
    as_problem(sent(json.dumps(body).replace("@", text)), 400)


def test_a_pair_of_escapes_is_a_character(sent, draft):
    assert sent('{"value": 95.5, "version": 1, "note": "\\ud83c\\udf3e \\\\u0000"}').status_code == 200
    draft.refresh_from_db()
    assert draft.note == "🌾 \\u0000"


@pytest.mark.parametrize("text", ["", "null", "5", '"x"', "[]", "[{}]", "{", "\ufeff{}", "{}{}", "\x00", "đ"])
def test_a_body_of_another_shape_is_refused(sent, unchanged, text):
    as_problem(sent(text), 400)


def test_bytes_that_are_no_text_are_refused(sent, unchanged):
    as_problem(sent(b'{"value": "\xff\xfe"}'), 400)


@pytest.mark.parametrize("length", ["-5", "abc", "1e3"])
def test_a_length_that_is_none_counts_as_no_body(client_of, district_officer, draft, unchanged, length):
    answer = client_of(district_officer).generic(
        "PATCH", f"/api/v1/readings/{draft.pk}/", b"{}", "application/json", CONTENT_LENGTH=length
    )
    as_problem(answer, 400)


@pytest.mark.parametrize("on", ["0001-01-01", "0432-11-28", "9999-12-31"])
def test_a_day_of_no_law_is_no_crash(client_of, province_officer, on):
    """Of products too: their notice of an end stands in rules that began one day (found by test_fuzz)."""
    client = client_of(province_officer)
    dated = [path for path, verbs in PATHS.items() if "{" not in path and takes(verbs, "as_of")]
    assert len(dated) > 5
    for address in dated:
        assert client.get(address, {"as_of": on}).status_code in (200, 400), address
    for validity in ("valid", "ending", "expired", "none"):
        assert client.get("/api/v1/ocop/products/", {"as_of": on, "validity": validity}).status_code == 200


def takes(verbs, name):
    return any(parameter.get("name") == name for parameter in verbs.get("get", {}).get("parameters", []))

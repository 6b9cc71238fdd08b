"""ETag and 304: one counter read when nothing changed, a whole answer as soon as something did."""

import gzip

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from communes import epochs
from communes.api import CommuneViewSet
from communes.models import Area
from ntm_portal.api import router

LIST = "/api/v1/communes/?as_of=2024-12-31"


def test_an_unchanged_list_is_answered_by_304_at_the_cost_of_one_read(api, django_assert_num_queries):
    epochs.bump()
    first = api.get(LIST)
    with django_assert_num_queries(1):
        again = api.get(LIST, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_a_write_makes_the_etag_a_new_one(api):
    held = api.get(LIST)["ETag"]
    epochs.bump()
    fresh = api.get(LIST, headers={"if-none-match": held})
    assert fresh.status_code == 200
    assert fresh["ETag"] != held


def test_one_of_several_etags_is_enough(api):
    held = api.get(LIST)["ETag"]
    assert api.get(LIST, headers={"if-none-match": f'"other", {held}'}).status_code == 304


def test_every_address_has_an_etag_of_its_own(api):
    tags = {
        api.get(address)["ETag"] for address in (LIST, f"{LIST}&limit=2", "/api/v1/communes/18502/?as_of=2024-12-31")
    }
    assert len(tags) == 3


def test_a_list_that_means_today_changes_with_the_day(api):
    with time_machine.travel("2026-01-01 08:00+07:00"):
        held = api.get("/api/v1/communes/")["ETag"]
    with time_machine.travel("2026-01-02 08:00+07:00"):
        assert api.get("/api/v1/communes/", headers={"if-none-match": held}).status_code == 200


def test_a_public_answer_may_be_kept_but_must_be_asked_again(api):
    response = api.get(LIST)
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Authorization", "Cookie"} <= {part.strip() for part in response["Vary"].split(",")}


def test_a_refusal_carries_no_etag_and_is_not_kept(api):
    response = api.get(f"{LIST}&kind=huyen")
    assert response.status_code == 400
    assert "ETag" not in response.headers
    assert response["Cache-Control"] == "no-store"


def test_an_absent_object_is_not_answered_by_304(api):
    response = api.get("/api/v1/communes/99999/", headers={"if-none-match": "*"})
    assert response.status_code == 404


def test_every_resource_answers_conditionally():
    assert [prefix for prefix, view, _ in router.registry if not hasattr(view, "state")] == []


@pytest.fixture
def kept_answers():
    """As in production: what was drawn for a visitor is given to the next."""
    store = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "answers-of-a-test"}
    with override_settings(CACHES={**settings.CACHES, "answers": store}):
        yield
        caches["answers"].clear()


PACKED = {"accept-encoding": "br, gzip;q=0.8"}


def test_an_etag_is_strong_and_one_of_its_own_for_each_coding(api):
    plain, packed = api.get(LIST), api.get(LIST, headers=PACKED)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert {response["ETag"][0] for response in (plain, packed)} == {'"'}
    assert plain["ETag"] != packed["ETag"]
    assert {"Accept", "Accept-Encoding"} <= {part.strip() for part in packed["Vary"].split(",")}


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_each_coding_is_known_again(api, coding):
    held = api.get(LIST, headers={"accept-encoding": coding})["ETag"]
    again = api.get(LIST, headers={"accept-encoding": coding, "if-none-match": held})
    assert (again.status_code, again["ETag"], again.content) == (304, held, b"")
    assert api.get(LIST, headers={"accept-encoding": coding, "if-none-match": f"W/{held}"}).status_code == 304


@pytest.mark.parametrize("refused", ["gzip;q=0", "gzip; q=0.0", "identity", "br"])
def test_who_takes_no_gzip_gets_none(api, refused):
    assert "Content-Encoding" not in api.get(LIST, headers={"accept-encoding": refused}).headers


def test_a_small_answer_is_not_compressed(api):
    response = api.get("/api/v1/communes/18502/?brief=true", headers=PACKED)
    assert "Content-Encoding" not in response.headers
    again = api.get("/api/v1/communes/18502/?brief=true", headers={**PACKED, "if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_what_a_session_reads_is_private_and_not_compressed(signed_in):
    response = signed_in.get(LIST, headers=PACKED)
    assert response["Cache-Control"].startswith("private")
    assert "Content-Encoding" not in response.headers


def test_a_head_says_what_a_get_would(api):
    read, asked = api.get(LIST), api.head(LIST)
    assert asked.content == b""
    assert {name: asked[name] for name in ("ETag", "Content-Length", "Cache-Control")} == {
        name: read[name] for name in ("ETag", "Content-Length", "Cache-Control")
    }
    assert api.head(LIST, headers={"if-none-match": read["ETag"]}).status_code == 304


def test_an_object_is_answered_conditionally_too(api):
    held = api.get("/api/v1/communes/18502/")["ETag"]
    assert api.get("/api/v1/communes/18502/", headers={"if-none-match": held}).status_code == 304


def test_a_body_is_drawn_once_for_all_visitors(api, kept_answers, django_assert_num_queries):
    first, packed = api.get(LIST), api.get(LIST, headers=PACKED)
    with django_assert_num_queries(2):
        again, packed_again = api.get(LIST), api.get(LIST, headers=PACKED)
    assert (again.content, again["ETag"], again["Content-Type"]) == (
        first.content,
        first["ETag"],
        first["Content-Type"],
    )
    assert (packed_again.content, packed_again["Content-Encoding"]) == (packed.content, "gzip")
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_kept_body_ends_with_the_counter(api, kept_answers):
    api.get(LIST)
    Area.objects.filter(code="18502", valid_from=None).update(name="Xã Khác")
    epochs.bump()
    assert "Xã Khác" in api.get(LIST).content.decode()


def test_what_one_person_reads_is_kept_for_nobody(api, signed_in, kept_answers):
    signed_in.get(LIST)
    assert not caches["answers"].get(signed_in.get(LIST)["ETag"])
    assert api.get(LIST)["Cache-Control"].startswith("public")


def test_an_answer_during_whose_drawing_something_was_written_gets_no_etag(api, kept_answers, monkeypatch):
    read_rows = CommuneViewSet.get_queryset

    def written_meanwhile(view):
        epochs.bump()
        return read_rows(view)

    monkeypatch.setattr(CommuneViewSet, "get_queryset", written_meanwhile)
    response = api.get(LIST)
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response["Cache-Control"] == "no-store"

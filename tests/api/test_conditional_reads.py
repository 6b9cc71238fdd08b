"""ETag and 304: one counter read when nothing changed, a whole answer as soon as something did."""

import time_machine

from communes import epochs
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
    assert [prefix for prefix, view, _ in router.registry if not hasattr(view, "etag")] == []

"""A write says which state it is meant for, by If-Match or a version: 412 for another, 428 where it says none."""

import pytest

from communes import epochs
from criteria.models import State
from tests.api.conftest import as_problem


@pytest.fixture
def draft(reading):
    return reading("17.9")


@pytest.fixture
def seen(client_of, draft):
    """`seen(user)`: the ETag of the draft as the person reads it."""

    def read(user):
        return client_of(user).get(f"/api/v1/readings/{draft.pk}/")["ETag"]

    return read


@pytest.fixture
def enter(send, draft, district_officer):
    def write(etag=None, by=district_officer, **body):
        headers = {"if-match": etag} if etag else None
        return send(by, "patch", f"readings/{draft.pk}/", headers=headers, **body)

    return write


def test_an_etag_stands_for_the_version(enter, seen, district_officer):
    response = enter(seen(district_officer), value=95.5)
    assert (response.status_code, response.json()["version"]) == (200, 2)


def test_the_answer_of_a_write_carries_the_etag_to_go_on_with(enter, seen, district_officer):
    first = enter(seen(district_officer), value=95.5)
    assert first["ETag"] == seen(district_officer)
    assert enter(first["ETag"], value=96).status_code == 200


def test_an_older_etag_is_refused_and_changes_nothing(enter, seen, draft, district_officer):
    old = seen(district_officer)
    enter(old, value=95.5)
    body = as_problem(enter(old, value=96), 412)
    assert body["type"].endswith(":precondition_failed")
    assert (body["theirs"], body["version"], body["etag"]) == (95.5, 2, seen(district_officer))
    draft.refresh_from_db()
    assert draft.value == 95.5


def test_the_etag_of_a_value_is_strong_and_does_not_move_with_the_rest_of_the_province(seen, district_officer, reading):
    before = seen(district_officer)
    assert before.startswith('"')
    epochs.bump()
    assert seen(district_officer) == before


def test_an_unchanged_value_is_answered_by_304_although_another_was_entered(
    client_of, send, draft, reading, district_officer
):
    client = client_of(district_officer)
    held = client.get(f"/api/v1/readings/{draft.pk}/")["ETag"]
    other = reading("17.3")
    assert send(district_officer, "patch", f"readings/{other.pk}/", value=True, version=1).status_code == 200
    again = client.get(f"/api/v1/readings/{draft.pk}/", headers={"if-none-match": held})
    assert (again.status_code, again["ETag"]) == (304, held)


def test_a_tag_that_a_proxy_weakened_still_names_the_value(enter, seen, district_officer):
    assert enter(f"W/{seen(district_officer)}", value=95.5).status_code == 200


def test_any_state_may_be_meant_but_has_to_be_said(enter):
    assert enter("*", value=95.5).status_code == 200


@pytest.mark.parametrize("given", ["nonsense", '"0123"', 'W/"x", "y"'])
def test_a_tag_that_is_none_of_ours_does_not_match(enter, given):
    as_problem(enter(given, value=95.5), 412)


def test_both_must_hold(enter, seen, district_officer):
    as_problem(enter(seen(district_officer), value=95.5, version=7), 409)
    as_problem(enter('"other"', value=95.5, version=1), 412)


def test_a_write_that_names_no_state_is_refused(enter, draft):
    assert as_problem(enter(value=95.5), 428)["type"].endswith(":precondition_required")
    draft.refresh_from_db()
    assert draft.value is None


@pytest.mark.parametrize("step", ["appraise", "approve", "return", "unlock"])
def test_every_step_names_a_state(send, draft, province_officer, step):
    as_problem(send(province_officer, "post", f"readings/{draft.pk}/{step}/", reason="Thử"), 428)


def test_a_step_is_taken_with_an_etag(send, seen, journey, draft, province_officer):
    journey(draft, "95,5", until=State.APPRAISED)
    address, etag = f"readings/{draft.pk}/approve/", seen(province_officer)
    as_problem(send(province_officer, "post", address, headers={"if-match": '"old"'}), 412)
    assert send(province_officer, "post", address, headers={"if-match": etag}).json()["state"] == "approved"


def test_an_etag_opens_nothing_out_of_scope(enter, other_district_officer):
    as_problem(enter('"made-up"', by=other_district_officer, value=95.5), 404)
    as_problem(enter("*", by=other_district_officer, value=95.5), 404)


def test_a_folder_is_submitted_as_it_was_seen(send, client_of, enter, seen, folder, district_officer):
    client = client_of(district_officer)
    before = client.get(f"/api/v1/assessments/{folder.pk}/")["ETag"]
    enter(seen(district_officer), value=95.5, note="Đã kiểm tra lại.")
    send(district_officer, "post", f"assessments/{folder.pk}/submit/")
    stale = send(district_officer, "post", f"assessments/{folder.pk}/submit/", headers={"if-match": before})
    as_problem(stale, 412)

"""/api/v1/assessments/: folders, how far their values have come, and the steps taken with a whole folder."""

import pytest

from criteria.models import Reading, State
from tests.api.conftest import as_problem


@pytest.fixture
def folder_of(client_of):
    def get(user, folder):
        return client_of(user).get(f"/api/v1/assessments/{folder.pk}/").json()

    return get


def test_a_person_sees_how_far_the_values_have_come(folder, folder_of, district_officer, reading, send):
    send(district_officer, "patch", f"readings/{reading('17.9').pk}/", value=95.5, version=1, note="Đã kiểm tra lại.")
    send(district_officer, "post", f"assessments/{folder.pk}/submit/")
    body = folder_of(district_officer, folder)
    assert body["area"]["code"] == "18553"
    assert (body["period"], body["set"], body["is_open"]) == ("2024", "commune-ntm-2021-2025", True)
    assert body["by_state"]["submitted"] == 1
    assert sum(body["by_state"].values()) == body["readings"] == folder.readings.count()
    assert body["state"] == "draft"


def test_the_state_is_the_least_advanced_of_the_values(folder, folder_of, district_officer):
    Reading.objects.filter(assessment=folder).update(state=State.APPROVED)
    assert folder_of(district_officer, folder)["state"] == "approved"
    Reading.objects.filter(pk=folder.readings.first().pk).update(state=State.VERIFIED)
    assert folder_of(district_officer, folder)["state"] == "verified"


def test_a_visitor_learns_nothing_of_values_on_their_way(folder, read):
    body = read(f"assessments/{folder.pk}/")
    assert body["by_state"] | {"approved": 0} == dict.fromkeys(body["by_state"], 0)
    assert body["state"] is None


def test_folders_are_narrowed(folder, read):
    narrow = {"period": "2024", "set": "commune-ntm-2021-2025"}
    assert read("assessments/", **narrow, area="18553")["results"][0]["id"] == folder.pk
    assert read("assessments/", **narrow, district="444")["count"] == 20
    assert read("assessments/", **narrow, kind="xa")["count"] == 182
    assert read("assessments/", **narrow, as_of="2025-07-01")["count"] < 182


def test_folders_cost_the_same_for_one_and_for_many(folder, read, django_assert_num_queries):
    for limit in (1, 200):
        with django_assert_num_queries(6):  # counter, count, folders, progress, states, counter
            read("assessments/", period="2024", set="commune-ntm-2021-2025", limit=limit)


def test_an_empty_folder_is_not_submitted(folder, send, district_officer):
    as_problem(send(district_officer, "post", f"assessments/{folder.pk}/submit/"), 409)


def test_a_folder_out_of_scope_is_absent(folder, send, other_district_officer):
    as_problem(send(other_district_officer, "post", f"assessments/{folder.pk}/submit/"), 404)
    as_problem(send(None, "post", f"assessments/{folder.pk}/submit/"), 401)


def test_nobody_verifies_what_they_entered(folder, reading, send, district_officer):
    send(district_officer, "patch", f"readings/{reading('17.9').pk}/", value=95.5, version=1, note="Đã kiểm tra lại.")
    send(district_officer, "post", f"assessments/{folder.pk}/submit/")
    as_problem(send(district_officer, "post", f"assessments/{folder.pk}/verify/"), 403)

"""/api/v1/readings/: approved values for everybody, values on their way within scope."""

import pytest

from criteria.models import Reading, State

DRAFTS = {"period": "2024", "area": "18553", "set": "commune-ntm-2021-2025"}


@pytest.fixture
def read_as(client_of):
    def get(user, address, **parameters):
        return client_of(user).get(f"/api/v1/{address}", parameters)

    return get


@pytest.fixture
def approved(journey, reading):
    return journey(reading("17.9"), "95,5")


def test_a_visitor_sees_an_approved_value_with_its_threshold(approved, read):
    (row,) = read("readings/", **DRAFTS)["results"]
    assert row["id"] == approved.pk
    assert (row["value"], row["verdict"], row["state"]) == (95.5, "met", "approved")
    assert row["area"] == {"code": "18553", "name": "Xã Hương Trạch", "kind": "xa"}
    assert (row["set"], row["criterion"], row["input"]) == ("commune-ntm-2021-2025", "17", "17.9")
    assert row["threshold"]["value"] <= 95.5
    assert isinstance(row["is_illustrative"], bool)


def test_a_visitor_sees_no_draft(folder, read):
    assert read("readings/", **DRAFTS)["count"] == 0


def test_a_draft_is_absent_for_a_visitor_and_a_stranger(reading, api, read_as, other_district_officer):
    draft = reading("17.9")
    assert api.get(f"/api/v1/readings/{draft.pk}/").status_code == 404
    assert read_as(other_district_officer, f"readings/{draft.pk}/").status_code == 404


def test_a_person_sees_the_drafts_of_the_own_district(folder, read_as, district_officer, other_district_officer):
    own = read_as(district_officer, "readings/", **DRAFTS).json()
    assert own["count"] == folder.readings.count()
    assert read_as(other_district_officer, "readings/", **DRAFTS).json()["count"] == 0


def test_a_person_is_told_the_open_steps(reading, read_as, district_officer, province_officer):
    draft = reading("17.9")
    assert read_as(district_officer, f"readings/{draft.pk}/").json()["open_steps"] == ["enter", "submit"]
    assert read_as(province_officer, f"readings/{draft.pk}/").json()["open_steps"] == []


@pytest.mark.parametrize(
    ("parameter", "value", "field"),
    [
        ("criterion", "17", "input__indicator__criterion__code"),
        ("indicator", "17.9", "input__indicator__code"),
        ("input", "17.9", "input__code"),
    ],
)
def test_values_are_narrowed_by_their_place_in_the_set(folder, read_as, district_officer, parameter, value, field):
    body = read_as(district_officer, "readings/", **DRAFTS, **{parameter: value}).json()
    assert body["count"] == folder.readings.filter(**{field: value}).count() > 0


def test_values_are_narrowed_by_state_and_verdict(approved, folder, read_as, district_officer):
    def count(**narrow):
        return read_as(district_officer, "readings/", **DRAFTS, **narrow).json()["count"]

    assert count(state="approved") == 1
    assert count(state="draft") == folder.readings.filter(state=State.DRAFT).count()
    assert count(verdict="met") == 1
    assert count(verdict="not_met") == 0


def test_values_are_narrowed_by_district_kind_assessment_and_date(approved, read):
    narrow = {**DRAFTS, "assessment": approved.assessment_id, "kind": "xa"}
    assert read("readings/", **narrow, district="444")["count"] == 1
    assert read("readings/", **narrow, district="439")["count"] == 0
    assert read("readings/", **narrow, as_of="2024-12-31")["count"] == 1
    assert read("readings/", **narrow, as_of="2025-07-01")["count"] == 0


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("state", "xong", "invalid_choice"),
        ("verdict", "1", "invalid_choice"),
        ("area", "99999", "unknown"),
        ("district", "18502", "unknown"),
        ("set", "khong-co", "unknown"),
        ("period", "1999", "unknown"),
        ("colour", "red", "unknown_parameter"),
    ],
)
def test_a_filter_that_cannot_be_understood_is_named(problem, db, parameter, value, code):
    body = problem("readings/", **{parameter: value})
    assert [(error["parameter"], error["code"]) for error in body["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_list_costs_the_same_for_one_and_for_many(
    folder, district_officer, client_of, api, django_assert_max_num_queries, signed_in
):
    client = client_of(district_officer) if signed_in else api
    Reading.objects.filter(assessment=folder).update(state=State.APPROVED)
    costs = []
    for limit in (1, 200):
        with django_assert_max_num_queries(20) as counted:
            found = client.get("/api/v1/readings/", {"period": "2024", "set": DRAFTS["set"], "limit": limit}).json()
        assert found["results"]
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_a_list_of_a_person_is_private_and_has_an_etag_of_its_own(folder, district_officer, read_as, api):
    own, public = read_as(district_officer, "readings/", **DRAFTS), api.get("/api/v1/readings/", DRAFTS)
    assert own["Cache-Control"].startswith("private")
    assert own["ETag"] != public["ETag"]


def test_a_new_appointment_changes_the_etag(folder, person, area, client_of, read_as):
    reader = person("moi-den")
    before = read_as(reader, "readings/", **DRAFTS)
    reader.appointments.create(role="reader", area=area("42"), valid_from="2020-01-01")
    client = client_of(type(reader).objects.get(pk=reader.pk))
    after = client.get("/api/v1/readings/", DRAFTS, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["count"] > before.json()["count"]


def test_an_entry_changes_the_etag_of_the_lists_it_is_in(reading, district_officer, client_of, send):
    client = client_of(district_officer)
    before = client.get("/api/v1/readings/", DRAFTS)
    draft = reading("17.9")
    assert (
        send(
            district_officer, "patch", f"readings/{draft.pk}/", value=95.5, version=1, note="Đã kiểm tra lại."
        ).status_code
        == 200
    )
    after = client.get("/api/v1/readings/", DRAFTS, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200

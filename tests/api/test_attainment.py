"""/api/v1/attainment/: results by criteria, with recognition by decision beside them."""

import datetime as dt

import pytest

from criteria.models import Decision, Recognition, Round

NARROW = {"period": "2024", "area": "18553", "set": "commune-ntm-2021-2025"}


@pytest.fixture
def result(read):
    def get(**more):
        (row,) = read("attainment/", **NARROW, **more)["results"]
        return row

    return get


def test_an_empty_folder_leaves_every_criterion_undetermined(folder, result):
    row = result()
    assert (row["criteria_total"], row["criteria_met"], row["criteria_failing"]) == (19, 0, 0)
    assert row["failing"] == []
    assert len(row["undetermined"]) == 19
    assert row["verdict"] == "undetermined"


def test_failing_criteria_are_named_by_their_codes(folder, fill, result):
    fill(except_for={"17.9": 10})
    row = result()
    assert row["failing"] == ["17"]
    assert row["criteria_failing"] == 1
    assert row["verdict"] == "not_met"


def test_an_approval_changes_the_result_and_its_etag(folder, fill, journey, reading, api, result):
    fill()
    reading("17.9").__class__.objects.filter(pk=reading("17.9").pk).update(state=0, value=None, verdict=0)
    before = api.get("/api/v1/attainment/", NARROW)
    journey(reading("17.9"), "10")
    after = api.get("/api/v1/attainment/", NARROW, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["results"][0]["failing"] == ["17"]
    assert after.json()["results"][0]["epoch"] >= before.json()["results"][0]["epoch"]


def test_a_result_says_how_fresh_the_values_under_it_are(folder, journey, reading, result):
    assert result()["input_watermark"] is None
    journey(reading("17.9"), "96")
    approved = reading("17.9").approved_at
    row = result()
    assert dt.datetime.fromisoformat(row["input_watermark"]) == approved
    assert dt.datetime.fromisoformat(row["computed_at"]) >= approved
    assert (row["status"], row["territory_on"], row["set_version"]) == ("provisional", "2024-12-31", 1)
    assert "318/QĐ-TTg" in row["legal_basis"]


def test_a_result_of_a_closed_round_is_official(folder, result):
    Round.objects.filter(pk=folder.round_id).update(closed_on="2025-01-31")
    assert result()["status"] == "official"


def test_recognition_stands_beside_the_result_and_follows_the_date(folder, result, area):
    decision = Decision.objects.create(number="1/QĐ", issued_on="2024-06-30", confidence="verified")
    Recognition.objects.create(
        area=area("18553"),
        tier="model",
        decision=decision,
        result_year=2024,
        counts_from="2024-06-30",
        confidence="verified",
    )
    assert "model" in {held["tier"] for held in result()["recognised"]}
    assert "model" in {held["tier"] for held in result(as_of="2024-06-30")["recognised"]}
    assert "model" not in {held["tier"] for held in result(as_of="2024-06-29")["recognised"]}
    assert result()["criteria_met"] == 0


def test_results_are_narrowed(folder, read):
    narrow = {"period": "2024", "set": "commune-ntm-2021-2025"}
    assert read("attainment/", **narrow)["count"] == 182
    assert read("attainment/", **narrow, district="444")["count"] == 20
    assert read("attainment/", **narrow, verdict="undetermined", area="18553")["count"] == 1
    assert read("attainment/", **narrow, verdict="met", area="18553")["count"] == 0


def test_one_result_is_read_by_its_folder(folder, read, result):
    assert read(f"attainment/{folder.pk}/") == result()


def test_results_cost_the_same_for_one_and_for_many(folder, read, django_assert_num_queries):
    for limit in (1, 200):
        with django_assert_num_queries(6):  # counter, count, results, law, decisions, counter
            read("attainment/", period="2024", set="commune-ntm-2021-2025", limit=limit)

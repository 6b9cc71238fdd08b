"""/api/v1/summary/: the year in one answer; its figures are tested with the seed."""

import pytest

from communes import epochs
from reports.queries.standing_on import stands_on
from reports.queries.summary import summary

ADDRESS = "/api/v1/summary/"


def test_the_answer_is_the_query_s_own(read):
    assert read("summary/", year=2023)["year"] == 2023
    assert set(read("summary/", year=2023)) == set(summary(year=2023)) | set(stands_on(2023))


def test_a_summary_says_what_it_stands_on(read):
    body = read("summary/", year=2023)
    assert (body["territory_on"], body["status"]) == ("2023-12-31", "official")
    assert {"commune-ntm-2021-2025"} <= {law["set"] for law in body["sets"]}
    assert all(law["legal_basis"] and law["set_version"] for law in body["sets"])
    assert body["computed_at"]
    assert body["input_watermark"] is None  # the figures of 2023 were taken over, nobody approved them here
    nothing = read("summary/", year=1999)
    assert (nothing["sets"], nothing["epoch"], nothing["status"]) == ([], None, "provisional")


def test_the_conference_of_2024_reads_its_figures(read):
    body = read("summary/", year=2023, as_of="2024-02-21")
    assert body["communes_recognised"] == {"ntm": 4, "advanced": 10, "model": 8}
    assert body["sponsorship"]["total"] == 95_539_000_000


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "year"),
        ({"year": ""}, "year"),
        ({"year": "năm nay"}, "year"),
        ({"year": "20230"}, "year"),
        ({"year": "2023", "as_of": "21/02/2024"}, "as_of"),
        ({"year": "2023", "period": "2023"}, "period"),
    ],
)
def test_a_parameter_that_cannot_be_understood_is_named(problem, db, parameters, named):
    body = problem("summary/", **parameters)
    assert body["status"] == 400
    assert [error["parameter"] for error in body["errors"]] == [named]


def test_an_unchanged_summary_is_answered_by_304(api, django_assert_num_queries):
    epochs.bump()
    held = api.get(ADDRESS, {"year": 2023})["ETag"]
    with django_assert_num_queries(1):
        assert api.get(ADDRESS, {"year": 2023}, headers={"if-none-match": held}).status_code == 304
    epochs.bump()
    assert api.get(ADDRESS, {"year": 2023}, headers={"if-none-match": held}).status_code == 200

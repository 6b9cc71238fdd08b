"""/api/v1/recognitions/: decisions as taken by a date."""

import pytest

from criteria.models import Decision, Recognition


@pytest.fixture
def recognise(db, area):
    """`recognise(counts_from=…)`: Hương Trạch modelled, apart from whatever the seed holds."""

    def create(tier="thu-nghiem", act="granted", **more):
        decision = Decision.objects.create(
            number="99/QĐ-UBND", issued_on=more.get("counts_from"), confidence="verified"
        )
        fields = {"area": area("18553"), "tier": tier, "act": act, "decision": decision, "confidence": "verified"}
        return Recognition.objects.create(**{**fields, "result_year": 2023, **more})

    return create


def test_a_recognition_carries_its_decision_and_its_marks(recognise, read):
    made = recognise(counts_from="2023-12-20")
    (row,) = read("recognitions/", tier="thu-nghiem")["results"]
    assert (row["id"], row["tier"], row["act"], row["act_name"]) == (made.pk, "thu-nghiem", "granted", "công nhận")
    assert row["area"] == {"code": "18553", "name": "Xã Hương Trạch", "kind": "xa"}
    assert row["decision"]["number"] == "99/QĐ-UBND"
    assert (row["is_dated"], row["is_illustrative"]) == (True, False)
    assert read(f"recognitions/{made.pk}/") == row


def test_the_date_shows_decisions_taken_by_then(recognise, read):
    recognise(counts_from="2023-12-20")
    assert read("recognitions/", tier="thu-nghiem", as_of="2023-12-19")["count"] == 0
    assert read("recognitions/", tier="thu-nghiem", as_of="2023-12-20")["count"] == 1
    assert read("recognitions/", tier="thu-nghiem")["count"] == 1


def test_an_undated_recognition_is_known_at_every_date(recognise, read):
    recognise(counts_from=None, is_dated=False)
    (row,) = read("recognitions/", tier="thu-nghiem", as_of="2020-01-01")["results"]
    assert (row["counts_from"], row["is_dated"]) == (None, False)


def test_recognitions_are_narrowed(recognise, read):
    recognise(counts_from="2023-12-20")
    recognise(counts_from="2024-12-20", act="revoked", result_year=2024)
    narrow = {"tier": "thu-nghiem"}
    assert read("recognitions/", **narrow, act="revoked")["count"] == 1
    assert read("recognitions/", **narrow, year=2023)["count"] == 1
    assert read("recognitions/", **narrow, area="18553")["count"] == 2
    assert read("recognitions/", **narrow, area="18502")["count"] == 0
    assert read("recognitions/", **narrow, district="444")["count"] == 2
    assert read("recognitions/", **narrow, district="439")["count"] == 0
    assert read("recognitions/", **narrow, level="commune")["count"] == 2
    assert read("recognitions/", **narrow, level="district")["count"] == 0


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("act", "given"), ("year", "hai nghìn"), ("year", "99999999999999999999"), ("area", "0"), ("as_of", "hôm nay")],
)
def test_a_filter_that_cannot_be_understood_is_named(problem, db, parameter, value):
    assert [error["parameter"] for error in problem("recognitions/", **{parameter: value})["errors"]] == [parameter]


def test_recognitions_cost_the_same_for_one_and_for_many(recognise, read, django_assert_num_queries):
    for _ in range(2):
        recognise(counts_from="2023-12-20")
        with django_assert_num_queries(4):
            read("recognitions/", tier="thu-nghiem", limit=100)

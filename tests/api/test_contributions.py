"""/api/v1/sponsorship/contributions/: whole đồng, public, names kept where that was asked."""

import pytest

from communes.text import search_key
from sponsorship.models import Contribution, Sponsor

YEAR = 2031


@pytest.fixture
def contribute(db, area):
    """`contribute(amount)`: money of a year that nothing else falls into."""

    def create(amount=1_500_000, *, name="Công ty thử", is_anonymous=False, code="18553", **more):
        sponsor = Sponsor.objects.create(
            name=name, kind="enterprise", is_anonymous=is_anonymous, search_key=search_key(name)
        )
        fields = {"channel": "assigned", "year": YEAR, **more}
        return Contribution.objects.create(sponsor=sponsor, area=area(code), amount=amount, **fields)

    return create


def test_a_contribution_is_whole_dong_through_a_channel(contribute, read):
    made = contribute(79_800_000_000, channel="called_by_districts")
    (row,) = read("sponsorship/contributions/", year=YEAR)["results"]
    assert row["amount"] == 79_800_000_000
    assert isinstance(row["amount"], int)
    assert (row["sponsor"], row["channel"], row["year"]) == ("Công ty thử", "called_by_districts", YEAR)
    assert row["area"]["code"] == "18553"
    assert row["is_illustrative"] is False
    assert read(f"sponsorship/contributions/{made.pk}/") == row


def test_a_sponsor_who_asked_so_is_not_named(contribute, read):
    contribute(name="Bà Giấu Tên", is_anonymous=True)
    (row,) = read("sponsorship/contributions/", year=YEAR)["results"]
    assert row["sponsor"] == "không nêu tên"


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ("district_officer", True),
        ("province_officer", True),
        ("other_district_officer", False),
        ("administrator", False),
    ],
)
def test_a_sponsor_who_asked_so_is_named_only_within_scope(contribute, client_of, request, who, named):
    contribute(name="Bà Giấu Tên", is_anonymous=True)
    client = client_of(request.getfixturevalue(who))
    (row,) = client.get("/api/v1/sponsorship/contributions/", {"year": YEAR}).json()["results"]
    assert (row["sponsor"] == "Bà Giấu Tên") is named


def test_contributions_are_narrowed(contribute, read):
    contribute(year=2024)
    narrow = {"year": 2024, "area": "18553", "channel": "assigned"}
    before = read("sponsorship/contributions/", **narrow)["count"]
    contribute(year=2024)
    assert read("sponsorship/contributions/", **narrow)["count"] == before + 1
    assert read("sponsorship/contributions/", **narrow, district="444")["count"] == before + 1
    assert read("sponsorship/contributions/", **narrow, district="439")["count"] == 0


def test_the_date_shows_what_was_received_by_then(contribute, read):
    contribute(received_on="2024-05-01")
    contribute(received_on=None)
    assert read("sponsorship/contributions/", year=YEAR, as_of="2024-04-30")["count"] == 1
    assert read("sponsorship/contributions/", year=YEAR, as_of="2024-05-01")["count"] == 2


@pytest.mark.parametrize(("parameter", "value"), [("channel", "gift"), ("year", "2023.5"), ("area", "x")])
def test_a_filter_that_cannot_be_understood_is_named(problem, db, parameter, value):
    body = problem("sponsorship/contributions/", **{parameter: value})
    assert [error["parameter"] for error in body["errors"]] == [parameter]


def test_contributions_cost_the_same_for_one_and_for_many(contribute, read, django_assert_num_queries):
    for _ in range(2):
        contribute()
        with django_assert_num_queries(4):
            read("sponsorship/contributions/", year=YEAR)

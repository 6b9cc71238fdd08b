"""/api/v1/ocop/products/: stars on a date, the history of ratings, markets."""

import pytest

from communes.text import search_key
from ocop.models import Export, Producer, Product, Rating

MINE = {"q": "cu do thu nghiem"}


@pytest.fixture
def product(db, area):
    name = "Cu đơ thử nghiệm"
    producer = Producer.objects.create(
        name="Tổ hợp tác thử", kind="group", area=area("18553"), search_key=search_key("Tổ hợp tác thử")
    )
    return Product.objects.create(
        name=name, code="TN.01", producer=producer, area=area("18553"), group="food", search_key=search_key(name)
    )


@pytest.fixture
def rate(product):
    def create(stars, decided_on, status="recognised", **more):
        fields = {"year": int(decided_on[:4]), "rule_set": "2023", **more}
        return Rating.objects.create(product=product, stars=stars, decided_on=decided_on, status=status, **fields)

    return create


@pytest.fixture
def mine(read):
    """The products that the test made, narrowed."""

    def get(**narrow):
        return read("ocop/products/", **MINE, **narrow)["results"]

    return get


def test_a_product_shows_its_stars_its_ratings_and_its_markets(product, rate, mine, read):
    rate(3, "2021-12-01", expires_on="2024-12-01")
    rate(4, "2023-12-01", expires_on="2026-12-01")
    Export.objects.create(product=product, country="JP", year=2023, known_on="2024-02-21")
    (row,) = mine()
    assert (row["stars"], row["expires_on"]) == (4, "2026-12-01")
    assert [(rating["stars"], rating["year"]) for rating in row["ratings"]] == [(3, 2021), (4, 2023)]
    assert [(export["country"], export["year"]) for export in row["exports"]] == [("JP", 2023)]
    assert (row["producer"]["name"], row["area"]["code"]) == ("Tổ hợp tác thử", "18553")
    assert row["is_illustrative"] is False
    assert read("ocop/products/TN.01/") == row


def test_the_date_turns_the_stars_back(rate, mine):
    rate(3, "2021-12-01")
    rate(4, "2023-12-01")
    assert [mine(as_of=on)[0]["stars"] for on in ("2021-11-30", "2021-12-01", "2023-12-01")] == [None, 3, 4]


def test_a_revoked_rating_gives_no_stars(rate, mine):
    rate(3, "2021-12-01")
    rate(3, "2023-06-01", status="revoked")
    assert mine(as_of="2023-05-31")[0]["stars"] == 3
    assert mine()[0]["stars"] is None


def test_a_proposal_is_no_star(rate, mine):
    rate(3, "2023-12-01")
    rate(4, "2023-12-02", status="proposed")
    assert mine()[0]["stars"] == 3
    assert len(mine(proposed_stars=4)) == 1
    assert mine(proposed_stars=5) == []


def test_products_are_narrowed(product, rate, mine):
    rate(3, "2023-12-01")
    Export.objects.create(product=product, country="JP", year=2023, known_on="2024-02-21")
    found = {"stars": 3, "group": "food", "year": 2023, "market": "jp", "area": "18553", "district": "444"}
    absent = {"stars": 4, "group": "drink", "year": 2022, "market": "ru", "area": "18502", "district": "439"}
    for name in found:
        assert len(mine(**{name: found[name]})) == 1, name
        assert mine(**{name: absent[name]}) == [], name
    assert mine(market="JP", as_of="2024-02-20") == []


def test_a_product_is_found_by_its_producer(product, read):
    assert read("ocop/products/", q="TO HOP TAC THU")["count"] == 1


@pytest.mark.parametrize(
    ("parameter", "value"), [("stars", "6"), ("group", "rượu"), ("market", "Japan"), ("year", "x"), ("district", "1")]
)
def test_a_filter_that_cannot_be_understood_is_named(problem, db, parameter, value):
    assert [error["parameter"] for error in problem("ocop/products/", **{parameter: value})["errors"]] == [parameter]


def test_products_cost_the_same_for_one_and_for_many(product, rate, read, django_assert_num_queries):
    for number in range(2):
        rate(3, "2023-12-01")
        with django_assert_num_queries(6):  # counter, count, products, ratings, exports, counter
            read("ocop/products/", limit=1 + 100 * number)


def test_an_unknown_product_is_a_problem(problem, db):
    assert problem("ocop/products/KHONG-CO/")["status"] == 404


def test_products_are_narrowed_by_the_kind_of_their_producer_and_by_their_certificate(rate, mine):
    rate(3, "2023-12-01", expires_on="2026-12-01")
    assert (len(mine(producer_kind="group")), mine(producer_kind="household")) == (1, [])
    for on, standing in (
        ("2023-11-30", "none"),
        ("2024-01-01", "valid"),
        ("2026-10-01", "ending"),
        ("2026-12-02", "expired"),
    ):
        found = {value: len(mine(validity=value, as_of=on)) for value in ("valid", "ending", "expired", "none")}
        assert found == {"valid": 0, "ending": 0, "expired": 0, "none": 0, standing: 1}, on

"""Lists by keyset: absolute links, limits, and no row lost while others write."""

import pytest

from communes.models import Area

# The invented communes only.
LIST = "/api/v1/communes/?as_of=2024-12-31&q=xa+thu+0"


def codes(body):
    return [row["code"] for row in body["results"]]


def walk(api, address):
    """Codes of every page from `address` on, following `next`."""
    found = []
    while address:
        body = api.get(address).json()
        found.append(codes(body))
        address = body["next"]
    return found


@pytest.fixture
def ten(more_communes):
    return more_communes(10)


def end(code):
    Area.objects.filter(code=code).update(valid_to="2020-01-01")


def test_links_are_absolute_and_keep_the_parameters(ten, api):
    body = api.get(f"{LIST}&limit=2").json()
    assert body["next"].startswith("http://testserver/api/v1/communes/?")
    assert "as_of=2024-12-31" in body["next"]
    assert "limit=2" in body["next"]
    assert body["count"] == 10


def test_following_next_meets_every_row_once(ten, api):
    pages = walk(api, f"{LIST}&limit=4")
    assert pages == [[unit.code for unit in ten][start : start + 4] for start in (0, 4, 8)]


def test_previous_leads_back_over_the_same_rows(ten, api):
    first = api.get(f"{LIST}&limit=4").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert third["next"] is None
    assert codes(api.get(third["previous"]).json()) == codes(second)
    assert codes(api.get(second["previous"]).json()) == codes(first)


def test_the_first_page_has_no_previous_even_when_reached_backwards(ten, api):
    first = api.get(f"{LIST}&limit=2").json()
    back = api.get(api.get(first["next"]).json()["previous"]).json()
    assert back["previous"] is None
    assert back["next"] == first["next"]


def test_a_row_that_goes_in_between_shifts_nothing(ten, api):
    first = api.get(f"{LIST}&limit=2").json()
    end(codes(first)[0])
    rest = [code for page in walk(api, first["next"]) for code in page]
    assert codes(first) + rest == [unit.code for unit in ten]


def test_rows_of_equal_sort_keys_are_met_once(ten, api):
    Area.objects.filter(pk__in=[unit.pk for unit in ten]).update(sort_key="same")
    met = [code for page in walk(api, f"{LIST}&limit=3") for code in page]
    assert sorted(met) == [unit.code for unit in ten]


def test_a_page_holds_up_to_a_thousand_rows_and_more_means_a_thousand(more_communes, api):
    more_communes(1010)
    lengths = {limit: len(api.get(f"{LIST}{limit}").json()["results"]) for limit in ("&limit=1000", "&limit=5000", "")}
    assert lengths == {"&limit=1000": 1000, "&limit=5000": 1000, "": 100}


def test_a_cursor_behind_the_last_row_leads_back_to_the_first_page(ten, api):
    last = api.get(f"{LIST}&limit=9").json()["next"]
    end(ten[-1].code)
    body = api.get(last).json()
    assert (body["results"], body["next"]) == ([], None)
    assert "cursor" not in body["previous"]

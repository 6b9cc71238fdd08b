"""/api/v1/changes/: from a number on, filtered, paged; gone where the feed was cut off."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.models import Recognition
from exchange.actions import retention
from exchange.models import Change, Feed
from tests.exchange.conftest import number
from tests.workflow.conftest import HUONG_TRACH


@pytest.fixture
def granted(db, area, feed):
    """`granted(n, code)`: so many recognitions of a unit, told in the feed."""

    def create(many: int = 1, code: str = HUONG_TRACH) -> int:
        rows = [Recognition(area=area(code), tier="x", act="granted", confidence="verified") for _ in range(many)]
        Recognition.objects.bulk_create(rows)
        number()
        return feed.until

    return create


def test_changes_are_read_on_from_a_number(granted, read):
    begin = granted(5)
    first = read("changes/", since=begin, limit=2)
    assert [row["seq"] for row in first["results"]] == [begin + 1, begin + 2]
    assert (first["until"], first["last_seq"]) == (begin + 2, begin + 5)
    rest = read("changes/", since=first["until"], limit=3)
    assert [row["seq"] for row in rest["results"]] == [begin + 3, begin + 4, begin + 5]
    assert (rest["until"], rest["next"]) == (begin + 5, None)
    row = rest["results"][0]
    assert row["address"] == f"http://testserver/api/v1/recognitions/{row['key']}/"
    assert set(row) == {"seq", "at", "kind", "op", "resource", "key", "address", "area", "summary"}


def test_the_link_to_the_rest_keeps_the_filters(granted, read, api):
    begin = granted(3)
    page = read("changes/", since=begin, limit=2, kind="recognition", area="444")
    rest = api.get(page["next"]).json()
    assert [row["seq"] for row in rest["results"]] == [begin + 3]


def test_a_filtered_answer_is_complete_up_to_its_until(granted, read):
    begin = granted(2)
    granted(1, "439")
    page = read("changes/", since=begin, area="444")
    assert [row["seq"] for row in page["results"]] == [begin + 1, begin + 2]
    assert page["until"] == page["last_seq"] == begin + 3
    assert read("changes/", since=begin, area="42")["results"][-1]["area"] == "439"
    assert read("changes/", since=begin, kind="reading,round")["results"] == []
    assert len(read("changes/", since=begin, kind="reading,recognition")["results"]) == 3


def test_without_a_number_it_begins_with_the_oldest_that_is_kept(granted, read):
    granted(1)
    oldest = Feed.objects.get().pruned_to
    assert read("changes/", limit=1) == read("changes/", limit=1, since=oldest) | {
        "next": read("changes/", limit=1)["next"]
    }


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("since", "-1", "min_value"),
        ("since", "abc", "invalid"),
        ("since", str(2**70), "max_value"),
        ("limit", "0", "min_value"),
        ("kind", "gossip", "unknown"),
        ("area", "00000", "unknown"),
        ("sinse", "1", "unknown_parameter"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(problem, parameter, value, code):
    body = problem("changes/", **{parameter: value})
    assert body["status"] == 400
    assert [(each["parameter"], each["code"]) for each in body["errors"]] == [(parameter, code)]


def test_what_was_cut_off_is_gone_and_says_where_to_begin(granted, problem, read):
    begin = granted(4)
    Change.objects.filter(seq__lte=begin + 2).update(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    retention.prune_changes()
    body = problem("changes/", since=begin + 1)
    assert (body["status"], body["type"]) == (410, "urn:ntm-portal:problem:start_anew")
    assert (body["last_seq"], body["oldest_since"]) == (begin + 4, begin + 2)
    assert [row["seq"] for row in read("changes/", since=begin + 2)["results"]] == [begin + 3, begin + 4]


def test_the_whole_feed_may_be_cut_off_and_its_numbers_go_on(granted, read):
    begin = granted(2)
    Change.objects.update(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    retention.prune_changes()
    assert Change.objects.count() == 0
    granted(1)
    assert [row["seq"] for row in read("changes/", since=begin + 2)["results"]] == [begin + 3]


def test_a_number_of_the_future_says_that_the_database_was_restored(granted, problem):
    body = problem("changes/", since=granted(1) + 1000)
    assert (body["status"], body["type"]) == (410, "urn:ntm-portal:problem:start_anew")


def test_nothing_new_is_not_sent_again(granted, api):
    begin = granted(1)
    first = api.get(f"/api/v1/changes/?since={begin}")
    assert api.get(f"/api/v1/changes/?since={begin}", headers={"if-none-match": first["ETag"]}).status_code == 304
    granted(1)
    assert api.get(f"/api/v1/changes/?since={begin}", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("many", [1, 40])
def test_an_answer_costs_the_same_for_one_change_and_for_many(granted, api, many):
    begin = granted(many)
    with CaptureQueriesContext(connection) as queries:
        assert len(api.get(f"/api/v1/changes/?since={begin}&area=444").json()["results"]) == many
    # The unit asked for, where the feed stands, changes, where it stands still, what they are about.
    assert len(queries) == 5
    assert all(query["sql"].lstrip().upper().startswith(("SELECT", "WITH")) for query in queries)


def test_roll_ups_are_a_list_of_their_own(read):
    page = read("roll-ups/", area="42", period="2023", set="commune-ntm-2021-2025")
    (row,) = page["results"]
    assert row == read(f"roll-ups/{row['id']}/")
    assert row["members"] == row["attained"] + row["failing"] + row["undetermined"]

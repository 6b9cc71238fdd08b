"""What every list understands: orders, parts of a row, counting, lookups; what is not known is refused by name."""

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Area
from criteria.models import Recognition
from ntm_portal import pagination
from ntm_portal.api import router

COMMUNES = {"as_of": "2024-12-31"}
LISTS = [(prefix, order) for prefix, view, _ in router.registry for order in view.orderings]


def walk(read, address, **asked):
    """Every row of a list, page by page."""
    body = read(address, **asked)
    rows = body["results"]
    while body["next"]:
        body = read(body["next"].partition("/api/v1/")[2])
        rows += body["results"]
    return rows


def back(read, address, **asked):
    """The same from the last page to the first."""
    body = read(address, **asked)
    while body["next"]:
        body = read(body["next"].partition("/api/v1/")[2])
    rows = body["results"]
    while body["previous"]:
        body = read(body["previous"].partition("/api/v1/")[2])
        rows = body["results"] + rows
    return rows


@pytest.mark.parametrize("order", ["name", "-name", "code", "-code", "kind", "-kind,code", "valid_to", "-valid_from"])
def test_a_list_is_walked_in_any_of_its_orders_and_back(read, order):
    asked = {"as_of": "2025-01-01", "district": "444", "ordering": order, "limit": 4, "fields": "code"}
    whole = read("communes/", **(asked | {"limit": 1000}))["results"]
    assert len(whole) == 20
    assert walk(read, "communes/", **asked) == back(read, "communes/", **asked) == whole


@pytest.mark.parametrize("order", ["counts_from", "-counts_from", "result_year,-tier", "-result_year"])
def test_rows_without_a_value_stand_last_upwards_and_downwards(read, order, area, db):
    for number, code in enumerate(("18502", "18553", "18196")):
        Recognition.objects.create(area=area(code), tier=f"t{number}", confidence="verified", is_dated=False)
    asked = {"ordering": order, "fields": "id,counts_from,result_year", "tier__in": "t0,t1,t2,ntm"}
    whole = read("recognitions/", **asked, limit=1000)["results"]
    assert walk(read, "recognitions/", **asked, limit=7) == back(read, "recognitions/", **asked, limit=7) == whole
    column = order.strip("-").split(",")[0]
    values = [row[column] for row in whole]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=order.startswith("-"))


@pytest.mark.parametrize(("prefix", "order"), LISTS)
def test_every_order_of_every_list_can_be_walked(read, prefix, order):
    for way in (order, f"-{order}"):
        body = read(f"{prefix}/", ordering=way, limit=1)
        if body["next"]:
            second = read(body["next"].partition("/api/v1/")[2])
            assert second["results"] != body["results"]
            assert read(second["previous"].partition("/api/v1/")[2])["results"] == body["results"]


def test_an_order_that_is_not_offered_is_refused_with_those_that_are(problem):
    (error,) = problem("communes/", ordering="-population")["errors"]
    assert (error["parameter"], error["code"]) == ("ordering", "unknown_ordering")
    assert "population" in error["message"]
    assert "valid_from" in error["message"]


def cursor_of(read, **asked):
    body = read("communes/", **COMMUNES, limit=2, **asked)
    return body["next"].partition("cursor=")[2].partition("&")[0]


def test_a_cursor_of_another_order_is_refused(read, problem):
    (error,) = problem("communes/", **COMMUNES, ordering="code", cursor=cursor_of(read))["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "other_ordering")


def test_a_cursor_that_somebody_changed_is_refused(read, problem):
    place, _, signature = cursor_of(read).partition(".")
    order, backwards, *values = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    other = json.dumps([order, backwards, "a", *values[1:]], separators=(",", ":")).encode()
    forged = base64.urlsafe_b64encode(other).decode().rstrip("=")
    for tampered in (f"{forged}.{signature}", place, f"{place}.", f"{place}.{signature[:-1]}"):
        (error,) = problem("communes/", **COMMUNES, cursor=tampered)["errors"]
        assert error["parameter"] == "cursor"


def test_fields_choose_the_members_and_spare_the_reading_of_the_others(read):
    with CaptureQueriesContext(connection) as asked:
        rows = read("communes/", **COMMUNES, fields="code,kind", count="none", limit=3)["results"]
    assert {tuple(row) for row in rows} == {("code", "kind")}
    (statement,) = [query["sql"] for query in asked if "communes_area" in query["sql"]]
    assert "placement" not in statement
    assert "confidence" not in statement


def test_omit_leaves_members_out_with_their_joins(read, folder):
    with CaptureQueriesContext(connection) as asked:
        (row,) = read("attainment/", area="18553", period="2024", omit="area,recognised", limit=1)["results"]
    assert {"area", "recognised"} & set(row) == set()
    assert not [query["sql"] for query in asked if "criteria_recognition" in query["sql"]]


def test_brief_names_a_row(read):
    (row,) = read("communes/", **COMMUNES, q="ha linh", brief="true")["results"]
    assert row == {"code": "18502", "name": "Xã Hà Linh", "kind": "xa"}
    assert set(read("communes/18502/", brief="true")) == {"code", "name", "kind"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"fields": "code,colour"}, "unknown_field"),
        ({"omit": "colour"}, "unknown_field"),
        ({"brief": "perhaps"}, "invalid"),
        ({"fields": "code", "omit": "code"}, "nothing_left"),
        ({"count": "roughly"}, "invalid"),
        ({"kind__in": "xa,castle"}, "invalid_choice"),
        ({"name__regex": "x"}, "unknown_parameter"),
    ],
)
def test_what_is_not_known_is_refused_by_name(problem, asked, code):
    body = problem("communes/", **COMMUNES, **asked)
    assert body["status"] == 400
    assert {error["code"] for error in body["errors"]} == {code}
    assert {error["parameter"] for error in body["errors"]} <= set(asked)


def test_an_unknown_field_is_told_which_there_are(problem):
    (error,) = problem("communes/", fields="colour")["errors"]
    assert "colour" in error["message"]
    assert "valid_from" in error["message"]


def test_a_list_is_counted_as_far_as_that_is_cheap_or_as_it_is_asked(read, monkeypatch):
    monkeypatch.setattr(pagination, "COUNTED", 100)
    counts = [read("communes/", **COMMUNES, limit=1, **asked)["count"] for asked in ({}, {"count": "exact"})]
    assert counts == [None, 216]
    assert read("communes/", **COMMUNES, district="444")["count"] == 21


def test_not_counting_spares_a_statement(read):
    with CaptureQueriesContext(connection) as asked:
        assert read("communes/", **COMMUNES, count="none")["count"] is None
    assert not [query["sql"] for query in asked if "COUNT" in query["sql"]]


def test_lookups_narrow_a_list(read):
    def codes(**asked):
        return [row["code"] for row in read("communes/", **COMMUNES, **asked)["results"]]

    assert codes(code__in="18502,18553,1") == ["18502", "18553"]
    assert len(codes(kind__in="phuong,thi_tran")) == 34
    years = [row["year"] for row in read("periods/", year__gte=2022, year__lt=2024, ordering="year")["results"]]
    assert set(years) <= {2022, 2023}
    assert years == sorted(years)


def test_results_are_narrowed_by_how_much_is_met(read, folder, fill):
    fill(except_for={"17.9": 10})
    narrow = {"period": "2024", "set": "commune-ntm-2021-2025", "area__in": "18553,18502"}

    def codes(**asked):
        return [row["area"]["code"] for row in read("attainment/", **narrow, **asked)["results"]]

    assert codes(criteria_met__gte=1, criteria_failing__gt=0, year=2024) == ["18553"]
    assert codes(verdict__in="not_met,met") == ["18553"]
    assert codes(q="HA LINH") == ["18502"]
    assert codes(official="true") == codes(level="district") == []


def test_a_text_finds_d_with_a_stroke(read):
    assert read("communes/", **COMMUNES, q="duc")["count"] == read("communes/", **COMMUNES, q="ĐỨC")["count"] > 1


def test_an_unknown_code_among_several_is_named(problem):
    (error,) = problem("attainment/", area__in="18502,99999")["errors"]
    assert error["parameter"] == "area__in"
    assert "99999" in error["message"]
    assert "18502" not in error["message"]


def test_rows_that_share_a_value_are_met_once_in_every_order(read, more_communes):
    made = more_communes(10)
    Area.objects.filter(pk__in=[unit.pk for unit in made]).update(valid_from="2020-01-01")
    asked = {**COMMUNES, "q": "xa thu 0", "ordering": "-valid_from", "limit": 3, "fields": "code"}
    assert sorted(row["code"] for row in walk(read, "communes/", **asked)) == [unit.code for unit in made]

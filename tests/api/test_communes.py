"""/api/v1/communes/: every commune-level unit as it stood on a date."""

import unicodedata

import pytest

DECOMPOSED = unicodedata.normalize("NFD", "Đức Lạng")
ON_2024 = "2024-12-31"


def codes(body):
    return [row["code"] for row in body["results"]]


def test_a_list_has_the_shape_of_every_list(read):
    body = read("communes/", as_of=ON_2024, q="ha linh")
    assert body == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "code": "18502",
                "name": "Xã Hà Linh",
                "short_name": "Hà Linh",
                "kind": "xa",
                "level": "commune",
                "valid_from": None,
                "valid_to": "2025-06-30",
                "parent": {"code": "444", "name": "Huyện Hương Khê", "kind": "huyen"},
                "confidence": "verified",
            }
        ],
    }


@pytest.mark.parametrize(
    ("as_of", "communes", "districts"),
    [
        ("2020-01-01", 216, 13),
        ("2024-12-31", 216, 13),
        ("2025-01-01", 209, 12),
        ("2025-06-30", 209, 12),
        ("2025-07-01", 69, 0),
    ],
)
def test_the_date_chooses_the_units_that_existed_then(read, as_of, communes, districts):
    assert read("communes/", as_of=as_of)["count"] == communes
    assert read("districts/", as_of=as_of)["count"] == districts


def test_without_a_date_a_list_means_today(read):
    assert read("communes/")["count"] == 69


def test_kind_narrows_the_list(read):
    counts = {kind: read("communes/", as_of=ON_2024, kind=kind)["count"] for kind in ("xa", "phuong", "thi_tran")}
    assert counts == {"xa": 182, "phuong": 21, "thi_tran": 13}


def test_district_narrows_the_list(read):
    inside = read("communes/", as_of=ON_2024, district="444")["results"]
    assert {row["parent"]["code"] for row in inside} == {"444"}
    assert len(inside) == 21


@pytest.mark.parametrize("typed", ["Đức Lạng", "duc lang", "ĐỨC LẠNG", "đức  lạng", DECOMPOSED])
def test_a_name_is_found_however_it_is_typed(read, typed):
    assert codes(read("communes/", as_of=ON_2024, q=typed)) == ["18307"]


def test_a_unit_is_read_by_its_code_on_a_date(read):
    assert read("communes/18496/", as_of=ON_2024)["name"] == "Thị trấn Hương Khê"
    assert read("communes/18496/", as_of="2025-08-01")["name"] == "Xã Hương Khê"


def test_a_unit_that_only_changed_its_parent_stays_itself(read):
    before, after = (read("communes/18196/", as_of=on) for on in ("2025-06-30", "2025-07-01"))
    assert (before["parent"]["code"], after["parent"]["code"]) == ("439", "42")
    assert after["predecessors"] == after["successors"] == []


def test_a_unit_names_what_it_came_from_and_what_became_of_it(read):
    merged = read("communes/18502/", as_of="2025-08-01")
    assert [change["area"]["name"] for change in merged["predecessors"]] == ["Xã Điền Mỹ", "Xã Hà Linh"]
    assert merged["successors"] == []
    before = read("communes/18499/", as_of=ON_2024)
    assert before["successors"][0]["area"] == {"code": "18502", "name": "Xã Hà Linh", "kind": "xa"}
    assert before["successors"][0]["effective_on"] == "2025-07-01"


@pytest.mark.parametrize("as_of", ["2025-08-01", "2026-08-01", "2024-01-01"])
def test_a_code_of_the_past_still_answers_with_what_became_of_the_unit(read, as_of):
    unit = read("communes/18499/", as_of=as_of)
    assert (unit["name"], unit["valid_to"], unit["exists"]) == ("Xã Điền Mỹ", "2025-06-30", as_of < "2025-07-01")
    assert unit["parent"]["code"] == "444"
    assert [change["area"]["code"] for change in unit["successors"]] == ["18502"]


def test_of_a_code_that_was_given_twice_the_date_chooses(read):
    assert read("communes/18496/", as_of="1990-01-01")["kind"] == "thi_tran"
    assert read("communes/18496/", as_of="2030-01-01")["kind"] == "xa"


def test_a_code_that_was_never_given_is_absent(problem):
    body = problem("communes/99999/")
    assert body["status"] == 404
    assert "99999" in body["detail"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("as_of", "21/02/2024"),
        ("as_of", "2024-02-30"),
        ("kind", "huyen"),
        ("district", "999"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "ba"),
        ("limit", "²"),
        ("cursor", "%%%"),
        ("cursor", "WzAsIDFd"),
        ("cursor", "e30"),
        ("province", "42"),
    ],
)
def test_a_parameter_that_cannot_be_understood_is_named(problem, parameter, value):
    body = problem("communes/", **{"as_of": ON_2024, parameter: value})
    assert body["status"] == 400
    assert [error["parameter"] for error in body["errors"]] == [parameter]
    assert body["errors"][0]["message"]


def test_a_district_that_has_ended_by_the_date_is_refused(problem):
    body = problem("communes/", as_of="2025-07-01", district="444")
    assert body["errors"][0]["code"] == "unknown_area"


@pytest.mark.parametrize("limit", [1, 200])
def test_a_list_costs_the_same_for_one_and_for_many(read, django_assert_num_queries, limit):
    with django_assert_num_queries(5):  # the data counter, count, units, their parents, the counter again
        read("communes/", as_of=ON_2024, limit=limit)


@pytest.mark.parametrize("code", ["18502", "18196"])
def test_a_unit_costs_the_same_whatever_its_history(read, django_assert_num_queries, code):
    with django_assert_num_queries(6):
        read(f"communes/{code}/", as_of="2025-08-01")

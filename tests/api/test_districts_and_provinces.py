"""/api/v1/districts/ and /api/v1/provinces/."""


def test_districts_end_on_30_june_2025(read):
    assert read("districts/", as_of="2025-06-30")["count"] == 12
    assert read("districts/", as_of="2025-07-01")["count"] == 0


def test_a_district_stands_in_its_province(read):
    district = read("districts/444/", as_of="2024-12-31")
    assert district["parent"] == {"code": "42", "name": "Tỉnh Hà Tĩnh", "kind": "tinh"}


def test_a_level_that_ended_leaves_no_successor(read):
    ended = read("districts/440/", as_of="2024-12-31")["successors"]
    assert [(change["area"], change["change"]) for change in ended] == [(None, "district_level_abolished")]


def test_districts_are_narrowed_by_kind_and_name(read):
    assert read("districts/", as_of="2024-12-31", kind="thi_xa")["count"] == 2
    assert read("districts/", as_of="2024-12-31", q="duc tho")["count"] == 1


def test_a_commune_is_no_district(problem):
    assert problem("districts/18502/", as_of="2024-12-31")["status"] == 404


def test_the_province_has_no_parent_here(read):
    assert read("provinces/")["count"] == 1
    assert read("provinces/42/")["parent"] is None

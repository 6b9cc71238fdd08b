"""Reads of the territory on a date."""

import datetime as dt

import pytest

from communes import queries
from communes.models import Area

pytestmark = pytest.mark.django_db

IN_2024 = dt.date(2024, 6, 30)
TWO_TIERS = dt.date(2025, 7, 1)


def test_a_code_names_the_unit_of_the_day():
    assert queries.area_by_code("18100", IN_2024).name == "Xã Thạch Hạ"
    assert queries.area_by_code("18100", TWO_TIERS).name == "Phường Trần Phú"


def test_a_code_that_names_nothing_on_the_day_is_not_found():
    with pytest.raises(Area.DoesNotExist):
        queries.area_by_code("444", TWO_TIERS)


def test_children_are_those_of_the_day_in_vietnamese_order():
    huong_khe = queries.area_by_code("444", IN_2024)
    children = [area.short_name for area in queries.children_of(huong_khe, IN_2024)]
    assert len(children) == 21
    assert children.index("Điền Mỹ") < children.index("Gia Phố") < children.index("Hà Linh")
    assert [a.name for a in queries.children_of(huong_khe, IN_2024, ["thi_tran"])] == ["Thị trấn Hương Khê"]
    assert not queries.children_of(huong_khe, TWO_TIERS).exists()


def test_the_province_stands_above_districts_before_and_above_communes_after():
    province = queries.area_by_code("42", IN_2024)
    assert queries.children_of(province, IN_2024).count() == 13
    assert queries.children_of(province, TWO_TIERS).count() == 69


def test_kinds_are_counted_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        counts = queries.counts_by_kind(IN_2024)
    assert (counts["huyen"], counts["thanh_pho"], counts["thi_xa"]) == (10, 1, 2)
    assert (counts["xa"], counts["phuong"], counts["thi_tran"]) == (182, 21, 13)


def test_kinds_are_counted_inside_a_district():
    huong_khe = queries.area_by_code("444", IN_2024)
    assert queries.counts_by_kind(IN_2024, within=huong_khe) == {"huyen": 1, "xa": 20, "thi_tran": 1}


@pytest.mark.parametrize("typed", ["Hà Linh", "ha linh", "HA LINH", "xã Hà Linh", "18502", "Ha\u0300 Linh"])
def test_a_unit_is_found_however_its_name_is_typed(typed):
    assert [area.name for area in queries.matching(typed, IN_2024)] == ["Xã Hà Linh"]


def test_d_with_and_without_its_stroke_finds_the_same():
    assert set(queries.matching("Điền Mỹ", IN_2024)) == set(queries.matching("dien my", IN_2024)) != set()


def test_nothing_typed_finds_nothing():
    assert not queries.matching("  ", IN_2024).exists()

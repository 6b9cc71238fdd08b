"""What a unit came from and what became of it."""

import datetime as dt

import pytest

from communes import queries
from communes.models import Area

pytestmark = pytest.mark.django_db

END_OF_2019 = dt.date(2019, 12, 31)
IN_2024 = dt.date(2024, 6, 30)
EARLY_2025 = dt.date(2025, 3, 1)
TWO_TIERS = dt.date(2025, 7, 1)


def unit(code, on):
    return queries.area_by_code(code, on)


def names(areas):
    return {area.name for area in areas}


def test_dai_nai_is_split_between_two_wards():
    assert names(queries.successors_on(unit("18082", IN_2024), TWO_TIERS)) == {"Phường Thành Sen", "Phường Hà Huy Tập"}
    assert all(change.is_partial for change in queries.changes_out_of(unit("18082", IN_2024)))


def test_ky_loi_is_split_between_three_wards():
    successors = queries.successors_on(unit("18796", IN_2024), TWO_TIERS)
    assert names(successors) == {"Phường Sông Trí", "Phường Vũng Áng", "Phường Hoành Sơn"}


def test_predecessors_reach_back_through_every_change():
    dong_loc = unit("18484", TWO_TIERS)
    assert {"Thị trấn Đồng Lộc", "Xã Trung Lộc"} <= names(queries.predecessors(dong_loc))
    duc_tho = queries.predecessors(unit("18229", TWO_TIERS))
    assert "Xã Đức Yên" in names(duc_tho)
    assert len({area.pk for area in duc_tho}) == len(duc_tho)


@pytest.mark.parametrize("code", ["18196", "18199"])
def test_a_unit_that_goes_on_is_not_its_own_predecessor(code):
    son_kim = Area.objects.get(code=code)
    assert queries.predecessors(son_kim) == []
    assert queries.successors_on(son_kim, TWO_TIERS) == [son_kim]


def test_a_township_that_took_in_a_commune_in_2020_is_one_unit_before_and_after():
    nghen = unit("18406", END_OF_2019)
    assert nghen == unit("18406", IN_2024)
    assert names(queries.predecessors(nghen)) == {"Xã Tiến Lộc"}
    assert nghen not in queries.successors_on(nghen, TWO_TIERS)


def test_a_ward_that_was_a_commune_has_that_commune_as_predecessor():
    before, after = unit("18088", IN_2024), unit("18088", EARLY_2025)
    assert (before.kind, after.kind) == ("xa", "phuong")
    assert queries.predecessors(after) == [before]


def test_the_province_does_not_succeed_an_abolished_district():
    huong_khe = unit("444", IN_2024)
    assert queries.successors_on(huong_khe, TWO_TIERS) == []
    assert [change.new for change in queries.changes_out_of(huong_khe)] == [None]


def test_loc_ha_goes_into_thach_ha_in_part():
    loc_ha = unit("448", IN_2024)
    assert names(queries.successors_on(loc_ha, EARLY_2025)) == {"Huyện Thạch Hà"}
    with pytest.raises(Area.DoesNotExist):
        unit("448", EARLY_2025)


def test_a_unit_that_moved_to_another_district_is_the_same_unit_under_two_identities():
    before, after = unit("18430", IN_2024), unit("18430", EARLY_2025)
    assert before != after
    assert queries.same_unit_ids(before) == queries.same_unit_ids(after) == {before.pk, after.pk}
    status_changed = unit("18088", IN_2024)
    assert queries.same_unit_ids(status_changed) == {status_changed.pk}


def test_what_was_a_unit_is_found_on_any_day():
    thach_mon = unit("18103", END_OF_2019)
    assert names(queries.successors_on(thach_mon, IN_2024)) == {"Xã Đồng Môn"}
    assert names(queries.successors_on(thach_mon, EARLY_2025)) == {"Phường Đồng Môn"}
    assert len(queries.successors_on(thach_mon)) == 1


def test_every_unit_of_2024_leads_to_units_of_today():
    for area in Area.objects.as_of(IN_2024).filter(level="commune")[::20]:
        assert queries.successors_on(area, TWO_TIERS)


def test_the_way_through_the_changes_takes_two_queries(django_assert_num_queries):
    thanh_sen = unit("18073", TWO_TIERS)
    with django_assert_num_queries(2):
        assert len(queries.predecessors(thanh_sen)) > 5

"""What the loaded territory says on a date, compared with the registers' own totals."""

import csv
import datetime as dt
from collections import Counter

import pytest

from communes import loading
from communes.models import Area, AreaChange, Confidence, Kind, Level, Placement
from communes.queries import placement_of

IN_2024 = dt.date(2024, 6, 30)
EARLY_2025 = dt.date(2025, 3, 1)
TWO_TIERS = dt.date(2025, 7, 1)

pytestmark = pytest.mark.django_db


def counts(on):
    kinds = Counter(Area.objects.as_of(on).order_by().values_list("kind", flat=True))
    levels = Counter(Area.objects.as_of(on).order_by().values_list("level", flat=True))
    return levels[Level.DISTRICT], levels[Level.COMMUNE], kinds


def unit(code, on):
    return Area.objects.as_of(on).get(code=code)


@pytest.mark.parametrize("on", [dt.date(2020, 1, 1), dt.date(2023, 12, 31), dt.date(2024, 12, 31)])
def test_2024_has_13_districts_and_216_communes_wards_and_townships(on):
    districts, communes, kinds = counts(on)
    assert (districts, communes) == (13, 216)
    assert (kinds[Kind.COMMUNE], kinds[Kind.WARD], kinds[Kind.TOWNSHIP]) == (182, 21, 13)


@pytest.mark.parametrize("on", [dt.date(2025, 1, 1), dt.date(2025, 6, 30)])
def test_the_first_half_of_2025_has_12_districts_and_209_units(on):
    assert counts(on)[:2] == (12, 209)


def test_from_july_2025_there_is_no_district_and_69_units():
    districts, communes, kinds = counts(TWO_TIERS)
    assert (districts, communes) == (0, 69)
    assert (kinds[Kind.COMMUNE], kinds[Kind.WARD], kinds[Kind.TOWNSHIP]) == (60, 9, 0)


@pytest.mark.parametrize(
    ("file", "on"),
    [
        ("hatinh-units-2024.csv", dt.date(2024, 12, 31)),
        ("hatinh-units-2025H1.csv", EARLY_2025),
        ("hatinh-units-2025.csv", TWO_TIERS),
    ],
)
def test_each_register_is_found_again_row_by_row(file, on):
    with (loading.UNITS / file).open(encoding="utf-8") as rows:
        told = {(r["code"], r["valid_from"], r["valid_to"], r["name"], r["parent_code"]) for r in csv.DictReader(rows)}
    placed = {p.area_id: p for p in Placement.objects.select_related("parent") if on_day(p, on)}
    found = {
        (a.code, iso(a.valid_from), iso(a.valid_to), a.name, getattr(placed[a.id].parent, "code", ""))
        for a in Area.objects.as_of(on)
    }
    assert found == told


def on_day(row, day):
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def iso(day):
    return day.isoformat() if day else ""


def test_all_351_changes_are_there_by_kind():
    assert Counter(AreaChange.objects.order_by().values_list("change", flat=True)) == {
        "merge": 293,
        "district_transfer": 25,
        "district_level_abolished": 12,
        "merge_into_existing": 10,
        "status_change": 8,
        "unchanged": 2,
        "district_dissolved": 1,
    }


def test_a_code_names_one_unit_a_day_and_many_over_the_years():
    names = Area.objects.filter(code="18100").order_by("valid_to").values_list("name", flat=True)
    assert set(names) == {"Xã Thạch Hạ", "Phường Thạch Hạ", "Phường Trần Phú"}
    for on in (dt.date(2019, 6, 1), IN_2024, EARLY_2025, TWO_TIERS):
        assert max(Counter(Area.objects.as_of(on).values_list("code", flat=True)).values()) == 1


@pytest.mark.parametrize("code", ["18196", "18199"])
def test_a_unit_that_was_not_rearranged_changes_only_its_parent(code):
    son_kim = Area.objects.get(code=code)
    assert placement_of(son_kim, dt.date(2025, 6, 30)).path == f"/42/439/{code}/"
    assert placement_of(son_kim, TWO_TIERS).path == f"/42/{code}/"


def test_units_named_only_in_the_changes_end_with_2019_under_the_parent_of_their_successor():
    before = Area.objects.filter(valid_to=dt.date(2019, 12, 31))
    assert before.count() == 77
    assert set(before.values_list("confidence", "valid_from")) == {(Confidence.RECALLED, None)}
    song_loc = unit("18436", dt.date(2019, 12, 31))
    assert (song_loc.name, song_loc.short_name, song_loc.kind) == ("Xã Song Lộc", "Song Lộc", Kind.COMMUNE)
    assert placement_of(song_loc, dt.date(2019, 12, 31)).parent.name == "Huyện Can Lộc"
    assert unit("18436", dt.date(2020, 1, 1)).name == "Xã Kim Song Trường"


def test_every_unit_below_the_province_is_placed_on_every_day_known_to_the_registers():
    for on in (
        dt.date(2019, 12, 31),
        dt.date(2020, 1, 1),
        IN_2024,
        dt.date(2025, 1, 1),
        dt.date(2025, 6, 30),
        TWO_TIERS,
    ):
        placed = Counter(p.area_id for p in Placement.objects.all() if on_day(p, on))
        existing = set(Area.objects.as_of(on).exclude(level=Level.VILLAGE).values_list("id", flat=True))
        assert set(placed) == existing
        assert set(placed.values()) == {1}


def test_a_place_never_lasts_longer_than_the_unit_or_its_parent():
    for placement in Placement.objects.select_related("area", "parent"):
        for other in filter(None, (placement.area, placement.parent)):
            assert other.valid_from is None or (placement.valid_from and placement.valid_from >= other.valid_from)
            assert other.valid_to is None or (placement.valid_to and placement.valid_to <= other.valid_to)


def test_a_path_is_the_parents_path_and_the_own_code():
    for on in (IN_2024, EARLY_2025, TWO_TIERS):
        placed = [p for p in Placement.objects.select_related("area") if on_day(p, on)]
        paths = {p.area_id: p.path for p in placed}
        assert all(p.path == f"{paths.get(p.parent_id, '/')}{p.area.code}/" for p in placed)

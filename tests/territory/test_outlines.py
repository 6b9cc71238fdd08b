"""The committed maps fit the registers."""

import datetime as dt
import itertools
import math
import re

import pytest

from communes.models import Area
from communes.outlines import GEO, map_on

IN_2024 = dt.date(2024, 12, 31)
TWO_TIERS = dt.date(2025, 7, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "level", "count"), [(IN_2024, "district", 13), (TWO_TIERS, "commune", 69)])
def test_every_unit_of_the_day_has_an_outline(on, level, count):
    codes = [outline.code for outline in map_on(on).outlines]
    assert len(codes) == count
    assert set(codes) == set(Area.objects.as_of(on).filter(level=level).values_list("code", flat=True))


@pytest.mark.django_db
def test_every_commune_ward_and_township_of_2024_has_a_mark():
    codes = set(Area.objects.as_of(IN_2024).filter(level="commune").values_list("code", flat=True))
    assert set(map_on(IN_2024).marks) == codes
    assert len(codes) == 216


def test_marks_stand_at_least_15_units_apart_and_inside_the_view():
    drawn = map_on(IN_2024)
    assert all(math.dist(a, b) >= 15 for a, b in itertools.combinations(drawn.marks.values(), 2))
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in drawn.marks.values())


@pytest.mark.parametrize("on", [IN_2024, TWO_TIERS])
def test_paths_are_plain_svg_inside_the_view(on):
    drawn = map_on(on)
    assert (drawn.width, drawn.licence) == (1000, "MIT")
    for outline in drawn.outlines:
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", outline.path)
        assert 0 <= outline.x <= drawn.width
        assert 0 <= outline.y <= drawn.height


@pytest.mark.parametrize("on", [dt.date(2019, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 6, 30)])
def test_a_day_without_known_outlines_has_no_map(on):
    assert map_on(on) is None


def test_the_maps_stay_small():
    assert all(path.stat().st_size < 25_000 for path in GEO.glob("*.json"))

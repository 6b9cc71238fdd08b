"""What looks wrong about a value that can be right."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.rules.plausibility import Flag, flags, limits

NEAR_EIGHTY = [Decimal(n) for n in (78, 79, 80, 81, 82)]
PERCENT = st.decimals(min_value=0, max_value=100, places=2)


def said(value, value_type="percent", before=None, peers=()) -> Flag:
    return flags(
        Decimal(value) if value is not None else None,
        value_type,
        before=None if before is None else Decimal(before),
        peers=peers,
    )


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [("90", "80", Flag(0)), ("90.1", "80", Flag.JUMP), ("69.9", "80", Flag.JUMP), ("80", None, Flag(0))],
)
def test_a_percentage_jumps_past_ten_points(value, before, expected):
    assert said(value, before=before) == expected


@pytest.mark.parametrize(("value", "expected"), [("60", Flag(0)), ("60.1", Flag.JUMP), ("19.9", Flag.JUMP)])
def test_an_amount_jumps_past_half_of_what_it_was(value, expected):
    assert said(value, "money", before="40") == expected


def test_a_value_far_from_its_district_is_an_outlier():
    assert said("20", peers=NEAR_EIGHTY) == Flag.OUTLIER
    assert said("20", before="80", peers=NEAR_EIGHTY) == Flag.JUMP | Flag.OUTLIER


def test_a_district_that_nearly_agrees_does_not_flag_small_differences():
    all_alike = [Decimal(100)] * 9
    assert said("95", peers=all_alike) == Flag(0)
    assert said("60", peers=all_alike) == Flag.OUTLIER


def test_nothing_is_said_with_few_peers_or_without_a_value():
    assert said("20", peers=NEAR_EIGHTY[:4]) == Flag(0)
    assert said(None, before="80", peers=NEAR_EIGHTY) == Flag(0)


def test_a_yes_or_a_no_is_never_flagged():
    assert said("0", "boolean", before="1", peers=[Decimal(1)] * 9) == Flag(0)


def test_the_limits_are_read_from_the_file():
    assert limits().jump["percent"].points == 10
    assert limits().least_peers == 5


@given(st.lists(PERCENT, min_size=5, max_size=12))
def test_the_median_of_the_district_is_never_an_outlier(peers):
    ordered = sorted(peers)
    assert not flags(ordered[len(ordered) // 2], "percent", before=None, peers=peers) & Flag.OUTLIER


@given(PERCENT, PERCENT)
def test_a_jump_is_one_in_both_directions(one, other):
    assert flags(one, "percent", before=other, peers=()) == flags(other, "percent", before=one, peers=())

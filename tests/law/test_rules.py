"""The threshold that binds, and the verdict of a value against it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.rules import thresholds, verdicts
from criteria.rules.verdicts import Verdict

PROVINCE, ANOTHER = 1, 2


@dataclass
class Row:
    value: Decimal
    province_id: int | None = None
    region: str = ""
    group: str = ""
    year: int | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    is_stand_in: bool = False


def row(value, **key) -> Row:
    return Row(Decimal(value), **key)


def pick(rows, *, region="BTB", group="2", year=2024, on=dt.date(2024, 12, 31), province_id=PROVINCE):
    found = thresholds.pick(rows, region=region, group=group, year=year, on=on, province_id=province_id)
    return found and int(found.value)


def test_without_a_row_there_is_no_threshold():
    assert pick([]) is None


@pytest.mark.parametrize(
    "other",
    [{"region": "DBSH"}, {"group": "1"}, {"year": 2023}, {"province_id": ANOTHER}, {"valid_from": dt.date(2025, 1, 1)}],
)
def test_a_row_made_for_something_else_never_applies(other):
    assert pick([row(50, **other)]) is None


def test_the_region_goes_before_the_general_level():
    assert pick([row(10), row(20, region="BTB")]) == 20


def test_the_group_goes_before_the_region():
    assert pick([row(20, region="BTB"), row(30, group="2")]) == 30


def test_the_year_goes_before_the_group():
    assert pick([row(30, group="2"), row(40, year=2024, region="BTB"), row(41, year=2023, region="BTB")]) == 40


def test_a_provincial_level_goes_before_any_national_one_in_its_dates():
    rows = [
        row(40, year=2024, region="BTB"),
        row(50, province_id=PROVINCE, valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2024, 12, 31)),
    ]
    assert pick(rows) == 50
    assert pick(rows, on=dt.date(2025, 1, 1)) == 40
    assert pick(rows, on=dt.date(2024, 1, 1)) == 50
    assert pick(rows, province_id=None) == 40


def test_a_stand_in_gives_way_to_any_level_the_province_entered():
    rows = [
        row(1, province_id=PROVINCE, valid_from=dt.date(2024, 6, 1), is_stand_in=True),
        row(2, province_id=PROVINCE, valid_from=dt.date(2023, 1, 1)),
    ]
    assert pick(rows) == 2


def test_of_two_provincial_levels_the_one_in_force_later_applies():
    rows = [
        row(1, province_id=PROVINCE, valid_from=dt.date(2023, 1, 1)),
        row(2, province_id=PROVINCE, valid_from=dt.date(2024, 1, 1)),
    ]
    assert pick(rows) == pick(rows[::-1]) == 2


@pytest.mark.parametrize(
    ("value", "operator", "threshold", "verdict"),
    [
        ("45", ">=", "45", Verdict.MET),
        ("44.9999", ">=", "45", Verdict.NOT_MET),
        ("5", "<=", "5", Verdict.MET),
        ("5.0001", "<=", "5", Verdict.NOT_MET),
        ("1", "is_true", "1", Verdict.MET),
        ("0", "is_true", "1", Verdict.NOT_MET),
    ],
)
def test_a_value_at_the_threshold_holds(value, operator, threshold, verdict):
    assert verdicts.resolve(Decimal(value), False, operator, Decimal(threshold)) is verdict


@given(value=st.none() | st.decimals(allow_nan=False), operator=st.sampled_from([">=", "<=", "is_true"]))
def test_without_a_threshold_nothing_is_ever_met_or_failed(value, operator):
    assert verdicts.resolve(value, False, operator, None) is Verdict.UNDETERMINED


def test_without_a_value_nothing_is_concluded():
    assert verdicts.resolve(None, False, ">=", Decimal(0)) is Verdict.UNDETERMINED


def test_what_does_not_apply_is_said_so_even_without_a_threshold():
    assert verdicts.resolve(None, True, ">=", None) is Verdict.NOT_APPLICABLE


def test_an_unknown_operator_is_an_error_and_not_a_verdict():
    with pytest.raises(ValueError, match="operator"):
        verdicts.resolve(Decimal(1), False, "==", Decimal(1))

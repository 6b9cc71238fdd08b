"""Numbers, dates and marks as Vietnamese write them."""

import datetime as dt
from decimal import Decimal

import pytest

from communes.templatetags import vietnamese as vi

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (Decimal("1234.5"), "1.234,5"),
        (1234567, "1.234.567"),
        (Decimal("100.0000"), "100"),
        (Decimal("31.4000"), "31,4"),
        (-5, "−5"),
        (None, "–"),
        ("", "–"),
        (Decimal("0E-4"), "0"),
        (Decimal("1E+3"), "1.000"),
    ],
)
def test_a_number_has_thousands_dots_and_a_decimal_comma(value, written):
    assert vi.so(value) == written


def test_a_number_takes_the_decimals_asked_for():
    assert vi.so(Decimal("18.85"), 1) == "18,9"
    assert vi.so(19, 1) == "19,0"


def test_per_cent_is_closed_up_with_one_decimal():
    assert vi.phan_tram(Decimal("36.24")) == "36,2%"
    assert vi.phan_tram(100) == "100%"
    assert vi.phan_tram(0) == "0%"
    assert vi.phan_tram(None) == "–"


def test_money_is_written_whole_or_in_milliards():
    assert vi.dong(95_539_000_000) == f"95.539.000.000{NBSP}đ"
    assert vi.ty(95_539_000_000) == "95,539"
    assert vi.ty(79_800_000_000) == "79,800"


def test_a_date_is_day_month_year():
    assert vi.ngay(dt.date(2024, 2, 21)) == "21/02/2024"
    assert vi.ngay(dt.datetime(2024, 2, 21, 7, 5, tzinfo=dt.UTC)) == f"21/02/2024{NBSP}14:05"
    assert vi.ngay(None) == "–"


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ((Decimal("31.4"), "percent"), "31,4%"),
        ((Decimal("40.2"), "money", "triệu đồng"), f"40,2{NBSP}triệu đồng"),
        ((1, "boolean"), "Đạt"),
        ((0, "boolean"), "Chưa đạt"),
        ((None, "percent"), "Chưa có số liệu"),
        ((None, "percent", "%", True), "Không áp dụng"),
    ],
)
def test_a_value_carries_its_unit(arguments, written):
    assert vi.measure(*arguments) == written


def test_a_threshold_reads_as_the_law_writes_it():
    assert vi.required(">=", 45, "percent") == f"≥{NBSP}45%"
    assert vi.required("<=", 5, "percent") == f"≤{NBSP}5%"
    assert vi.required("is_true", 1, "boolean", "", "mức B") == "Đạt (mức B)"
    assert vi.required(">=", None, "percent") == "Chưa có ngưỡng"


def test_an_open_verdict_says_why_and_is_never_shown_as_failed():
    assert vi.verdict_words(0) == ("open", "?", "Chưa kết luận")
    assert vi.verdict_words(0, "no_value")[2] == "Chưa có số liệu"
    assert vi.verdict_words(0, "no_threshold")[2] == "Chưa có ngưỡng"
    assert vi.verdict_words(2, "no_value")[2] == "Chưa đạt"


def test_the_illustrative_mark_is_read_aloud_in_words():
    assert "số liệu minh hoạ" in vi.mh()
    assert vi.mh(shown=False) == ""

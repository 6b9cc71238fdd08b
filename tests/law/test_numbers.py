"""What officers type is read the Vietnamese way, or refused with a sentence that helps."""

import contextlib
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.templatetags.vietnamese import so
from criteria.rules import numbers, ranges
from criteria.rules.numbers import Parsed, Unreadable, parse, typed

NUMERIC = ("percent", "number", "count", "money")
AMOUNTS = st.decimals(min_value=0, max_value=10**11, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value_type", "value"),
    [
        ("1.234,5", "number", "1234.5"),
        ("1.234.567", "money", "1234567"),
        ("95,5 %", "percent", "95.5"),
        ("95,5%", "percent", "95.5"),
        ("95,5", "percent", "95.5"),
        ("  48 ", "money", "48"),
        ("46000", "money", "46000"),
        ("0,125", "number", "0.125"),
        ("1,234", "percent", "1.234"),
        ("1\u00a0234\u00a0567,5", "money", "1234567.5"),
        ("12\u202f345", "count", "12345"),
        ("\u22125", "number", "-5"),
        ("12.345,678", "number", "12345.678"),
    ],
)
def test_vietnamese_numbers_are_understood(text, value_type, value):
    assert parse(text, value_type) == Parsed(Decimal(value))


@pytest.mark.parametrize("value_type", NUMERIC)
def test_a_single_group_after_a_dot_is_refused_with_both_readings(value_type):
    with pytest.raises(Unreadable) as refused:
        parse("1.234", value_type)
    assert "1234" in refused.value.message
    assert "1,2340" in refused.value.message


@pytest.mark.parametrize("value_type", ["number", "count", "money"])
def test_three_digits_after_a_comma_are_refused_where_they_could_be_thousands(value_type):
    with pytest.raises(Unreadable, match="hai cách hiểu"):
        parse("46,125", value_type)


def test_a_dot_before_decimals_is_refused_and_the_comma_offered():
    with pytest.raises(Unreadable, match="12,34"):
        parse("12.34", "percent")


@pytest.mark.parametrize(
    "text",
    [
        "1,234.5",
        "1.23.456",
        "12,3,4",
        "95,5 triệu",
        "5²",
        "٣",
        "1e3",
        "Đạt",
        "~5",
        "5-6",
        "+5",
        ",5",
        "5,",
        "1 23",
        "--5",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Unreadable):
        parse(text, "number")


@pytest.mark.parametrize("value_type", ["number", "count", "money"])
def test_a_percent_sign_is_refused_where_nothing_is_counted_in_percent(value_type):
    with pytest.raises(Unreadable, match="phần trăm"):
        parse("95 %", value_type)


@pytest.mark.parametrize(
    "text", ["Đạt", "đạt ", "ĐẠT", "Đ", "x", "X", "có", "dat", "✓", unicodedata.normalize("NFD", "Đạt")]
)
def test_yes_is_read_in_all_its_forms(text):
    assert parse(text, "boolean") == Parsed(Decimal(1))


@pytest.mark.parametrize(
    "text", ["CĐ", "cđ", "Chưa đạt", "không", "Không đạt", "chua dat", unicodedata.normalize("NFD", "Chưa đạt")]
)
def test_no_is_read_in_all_its_forms(text):
    assert parse(text, "boolean") == Parsed(Decimal(0))


@pytest.mark.parametrize("text", ["không", "có", "Không"])
def test_plain_yes_and_no_are_refused_where_the_requirement_is_an_absence(text):
    with pytest.raises(Unreadable, match="Đạt"):
        parse(text, "boolean", about="Không còn nhà tạm, nhà dột nát")
    assert parse("Đạt", "boolean", about="Không còn nhà tạm, nhà dột nát") == Parsed(Decimal(1))


@pytest.mark.parametrize("text", ["Khá", "maybe", "2", "100%"])
def test_other_words_are_no_answer_to_a_yes_no_requirement(text):
    with pytest.raises(Unreadable):
        parse(text, "boolean")


@pytest.mark.parametrize("value_type", [*NUMERIC, "boolean"])
@pytest.mark.parametrize(
    "text", ["không áp dụng", "Không  áp dụng", "KAD", unicodedata.normalize("NFD", "không áp dụng")]
)
def test_does_not_apply_is_read_for_every_type(text, value_type):
    assert parse(text, value_type) == Parsed(not_applicable=True)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_nothing_typed_is_no_value(text):
    assert parse(text, "percent") == Parsed()


@pytest.mark.parametrize("text", ["-", "–", "—"])
def test_a_lone_dash_is_refused(text):
    with pytest.raises(Unreadable, match="không áp dụng"):
        parse(text, "percent")


@given(value=AMOUNTS, value_type=st.sampled_from(NUMERIC))
def test_a_value_put_back_in_a_field_is_read_as_itself(value, value_type):
    assert parse(typed(value), value_type).value == value


@given(value=AMOUNTS, value_type=st.sampled_from(NUMERIC))
def test_a_formatted_value_is_read_as_itself_or_refused(value, value_type):
    try:
        read = parse(so(value), value_type).value
    except Unreadable:
        assert len(so(value).replace(",", ".").split(".")) == 2
    else:
        assert read == value


@given(text=st.text(alphabet="0123456789., ", min_size=1, max_size=14), value_type=st.sampled_from(NUMERIC))
def test_no_accepted_text_has_a_second_reading_a_thousand_times_away(text, value_type):
    """An English hand means the dot as decimals and the comma as grouping; both readings must agree, or only ours
    be possible."""
    try:
        ours = parse(text, value_type).value
    except Unreadable:
        return
    theirs = english_reading(text)
    if ours is None or theirs is None or ranges.fault(theirs, value_type):
        return
    assert theirs == ours


def english_reading(text: str) -> Decimal | None:
    """The value under English rules; None where the text breaks them."""
    whole, dot, decimals = " ".join(text.split()).partition(".")
    groups = whole.split(",")
    grouped_well = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    starts_well = len(groups) == 1 or not groups[0].startswith("0")
    digits = "".join(groups)
    if not (grouped_well and starts_well and digits.isdigit() and (not dot or decimals.isdigit())):
        return None
    return Decimal(f"{digits}.{decimals or 0}")


def test_a_name_in_decomposed_letters_is_recognised_too():
    assert numbers.asks_for_absence(unicodedata.normalize("NFD", "Không còn nhà tạm"))


@given(text=st.text(max_size=60), value_type=st.sampled_from([*NUMERIC, "boolean"]), about=st.text(max_size=20))
def test_any_text_is_read_or_refused_and_never_breaks(text, value_type, about):
    with contextlib.suppress(Unreadable):
        parsed = parse(text, value_type, about=about)
        assert parsed.value is None or not parsed.not_applicable


@pytest.mark.parametrize(
    ("value", "value_type"),
    [
        ("100.01", "percent"),
        ("-1", "percent"),
        ("2.5", "count"),
        ("-3", "count"),
        ("-0.1", "money"),
        ("1000000000000", "number"),
        ("1.23456", "number"),
        ("2", "boolean"),
        ("NaN", "number"),
    ],
)
def test_a_value_out_of_range_is_named_in_vietnamese(value, value_type):
    assert ranges.fault(Decimal(value), value_type)


@pytest.mark.parametrize(
    ("value", "value_type"),
    [("0", "percent"), ("100", "percent"), ("12", "count"), ("3.0", "count"), ("48.5", "money"), ("1", "boolean")],
)
def test_a_value_in_range_has_no_fault(value, value_type):
    assert ranges.fault(Decimal(value), value_type) is None


def test_the_names_of_absences_are_recognised():
    assert numbers.asks_for_absence("Không để xảy ra sự cố về an toàn thực phẩm trên địa bàn")
    assert numbers.asks_for_absence("Xã không phức tạp về an ninh, trật tự")
    assert not numbers.asks_for_absence("Xã có chợ nông thôn")

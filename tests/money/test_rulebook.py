"""Channels, conversions and source lines by date, each with its source."""

import datetime as dt
import shutil

import pytest

from sponsorship import rulebook

LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def codes(found):
    return {each.code for each in found}


def test_districts_call_until_they_end_and_communes_after():
    assert codes(rulebook.channels_on(LAST)) == {"assigned", "called", "called_by_districts"}
    assert codes(rulebook.channels_on(FIRST)) == {"assigned", "called", "called_by_communes"}


def test_the_district_line_ends_with_2025():
    assert "district" in codes(rulebook.lines_in(2025))
    assert "district" not in codes(rulebook.lines_in(2026))


def test_every_rule_says_where_it_is_from():
    rules = rulebook.rules()
    assert all(each.source and each.confidence for each in (*rules.channels, *rules.lines, *rules.rates))


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(rulebook.FOLDER, tmp_path / "rules")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("channels.yaml", "code: called\n", "code: gifts\n", "gifts"),
        ("channels.yaml", "until: 2025-06-30", "until: tomorrow", "channels.yaml: channels[2]"),
        ("channels.yaml", "confidence: recalled", "confidence: sure", "channels.yaml: channels[3]"),
        ("conversions.yaml", "units: [m²]", "units: []", "conversions.yaml: kinds[2]"),
        ("conversions.yaml", "rates: []", "rates: [{unit: giờ, dong: 5, confidence: recalled, source: x}]", "rates[0]"),
        ("funding-lines.yaml", "code: credit", "code: central", "funding-lines.yaml: lines[5]"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place(folder, file, old, new, said):
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rulebook.WrongRule, match=said.replace("[", r"\[").replace("]", r"\]")):
        rulebook.read(folder)


def test_two_rates_of_one_unit_never_hold_on_the_same_day(folder):
    rate = "{unit: m², dong: 5, from: 2024-01-01, confidence: recalled, source: x}"
    text = (folder / "conversions.yaml").read_text(encoding="utf-8")
    head, _, tail = text.rpartition("rates: []")
    (folder / "conversions.yaml").write_text(f"{head}rates: [{rate}, {rate}]{tail}", encoding="utf-8")
    with pytest.raises(rulebook.WrongRule, match="same day"):
        rulebook.read(folder)


def test_a_rate_that_a_text_gives_is_found_by_its_day(folder):
    rate = "rates: [{unit: m², dong: 90000, from: 2024-01-01, until: 2024-12-31, confidence: recalled, source: x}]"
    text = (folder / "conversions.yaml").read_text(encoding="utf-8")
    head, _, tail = text.rpartition("rates: []")
    (folder / "conversions.yaml").write_text(head + rate + tail, encoding="utf-8")
    (found,) = rulebook.read(folder).rates
    assert (found.kind, found.unit, found.dong, found.end) == ("land", "m²", 90_000, dt.date(2024, 12, 31))
    assert rulebook.rate_for("land", "m²", LAST) is None

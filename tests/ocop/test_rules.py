"""The rules of the programme: which stand on a date, stars of part scores, edges, who recognises, how long it holds."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D

import pytest

from ocop.rules import stars
from ocop.rules.rulesets import all_rules, markets, rules_of, rules_on

RULES_2026 = rules_of("ocop-2026")
PARTS = {"ocop-2019": [35, 25, 40], "ocop-2023": [40, 25, 35], "ocop-2025": [40, 25, 35], "ocop-2026": [40, 25, 35]}


def scores(total) -> dict[str, D]:
    """Part scores of the sheet of 2026 that give a total."""
    left, found = D(str(total)), {}
    for part in RULES_2026.parts:
        found[part.code] = min(left, part.most)
        left -= found[part.code]
    return found


@pytest.mark.parametrize(("slug", "most"), PARTS.items())
def test_each_decision_has_its_own_sheet_and_every_sheet_gives_a_hundred(slug, most):
    rules = rules_of(slug)
    assert [part.most for part in rules.parts] == most
    assert rules.most == 100


@pytest.mark.parametrize(
    ("on", "slug"),
    [
        ("2019-08-21", "ocop-2019"),
        ("2023-02-23", "ocop-2019"),
        ("2023-02-24", "ocop-2023"),
        ("2025-07-05", "ocop-2023"),
        ("2025-07-06", "ocop-2025"),
        ("2026-05-21", "ocop-2025"),
        ("2026-05-22", "ocop-2026"),
        ("2030-01-01", "ocop-2026"),
    ],
)
def test_the_rules_of_a_day_are_those_in_force(on, slug):
    assert rules_on(dt.date.fromisoformat(on)).slug == slug


def test_before_the_first_decision_there_are_no_rules():
    with pytest.raises(LookupError):
        rules_on(dt.date(2019, 8, 20))


@pytest.mark.parametrize(
    ("total", "star"),
    [(0, 1), ("29.99", 1), (30, 2), ("49.99", 2), (50, 3), ("69.99", 3), (70, 4), ("89.99", 4), (90, 5), (100, 5)],
)
def test_the_lower_edge_belongs_to_a_band_and_the_upper_does_not_except_a_hundred(total, star):
    assert stars.rate(scores(total), RULES_2026).stars == star


def test_a_total_past_the_sheet_is_in_no_band():
    with pytest.raises(ValueError, match="no band"):
        stars.band_at(D("100.01"), RULES_2026)


def test_fewer_than_three_stars_are_never_certified():
    assert [stars.rate(scores(total), RULES_2026).is_certifiable for total in (29, 49, 50, 70, 90)] == [
        False,
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("rules", all_rules(), ids=lambda rules: rules.slug)
def test_stars_stay_provisional_until_an_officer_confirms_the_bands(rules):
    half = {part.code: part.most / 2 for part in rules.parts}
    assert stars.rate(half, rules).is_provisional
    assert not stars.rate(half, rules, are_bands_confirmed=True).is_provisional
    assert rules.bands_illustrative == (rules.slug != "ocop-2026")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"A": "40.01", "B": 25, "C": 35}, {"A"}),
        ({"A": 40, "B": "-0.01", "C": 35}, {"B"}),
        ({"A": 40, "B": 25}, {"C"}),
        ({"A": 40, "B": 25, "C": "1.234"}, {"C"}),
        ({"A": 40, "B": 25, "C": 35, "D": 1}, {"D"}),
        ({"A": 40, "B": 25, "C": 35}, set()),
        ({"A": 0, "B": 0, "C": 0}, set()),
    ],
)
def test_a_part_past_its_most_is_named(given, wrong):
    assert set(stars.faults({code: D(str(score)) for code, score in given.items()}, RULES_2026)) == wrong


def test_the_most_of_a_part_is_that_of_the_decision_of_the_day():
    given = {"A": D(38), "B": D(20), "C": D(35)}
    assert set(stars.faults(given, rules_on(dt.date(2022, 1, 1)))) == {"A"}
    assert stars.faults(given, rules_on(dt.date(2024, 1, 1))) == {}


def test_a_part_below_its_minimum_takes_the_star_of_the_total_away():
    rules = replace(RULES_2026, minimums={(4, "C"): D(25)})
    given = {"A": D(35), "B": D(20), "C": D(20)}
    found = stars.rate(given, rules)
    assert (found.total, found.stars, found.short_of) == (75, 3, ("C",))
    assert stars.rate({**given, "A": D(30), "C": D(25)}, rules).stars == 4


@pytest.mark.parametrize(
    ("star", "on", "level"),
    [
        (3, "2023-02-23", "province"),
        (3, "2023-02-24", "district"),
        (3, "2025-06-30", "district"),
        (3, "2025-07-01", "province"),
        (3, "2026-06-01", "province"),
        (4, "2022-01-01", "province"),
        (4, "2024-01-01", "province"),
        (5, "2022-01-01", "central"),
        (5, "2026-06-01", "central"),
        (2, "2024-01-01", None),
    ],
)
def test_who_recognises_follows_the_day(star, on, level):
    day = dt.date.fromisoformat(on)
    assert stars.recogniser_of(star, day, rules_on(day)) == level


@pytest.mark.parametrize(
    ("start", "end"),
    [("2023-12-05", "2026-12-05"), ("2024-02-29", "2027-02-28"), ("2024-11-30", "2027-11-30")],
)
def test_a_certificate_holds_for_36_months(start, end):
    day = dt.date.fromisoformat(start)
    assert stars.certificate_end(day, rules_on(day)) == dt.date.fromisoformat(end)


def test_the_mean_is_of_each_part_to_the_hundredth():
    sheets = [
        {"A": D(30), "B": D(20), "C": D(30)},
        {"A": D(31), "B": D(20), "C": D(30)},
        {"A": D(31), "B": D(21), "C": D(29)},
    ]
    assert stars.mean(sheets, RULES_2026) == {"A": D("30.67"), "B": D("20.33"), "C": D("29.67")}
    with pytest.raises(ValueError, match="no sheet"):
        stars.mean([], RULES_2026)


def test_the_way_to_the_next_star_is_in_points():
    assert stars.to_next_star(D("68.5"), RULES_2026) == (4, D("1.5"))
    assert stars.to_next_star(D(95), RULES_2026) is None


def test_markets_are_the_codes_of_the_standard():
    assert len(markets()) == 249
    assert all(len(code) == 2 and code.isupper() and name for code, name in markets().items())
    assert markets()["JP"] == "Nhật Bản"

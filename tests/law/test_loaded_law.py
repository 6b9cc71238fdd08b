"""The repository's rulebooks, as loaded: counts, gaps, conditions, levels."""

from decimal import Decimal

import pytest

from criteria.models import CriteriaSet, Criterion, Indicator, Input, Threshold

pytestmark = pytest.mark.django_db

Role = Criterion.Role


def the_set(slug: str) -> CriteriaSet:
    return CriteriaSet.objects.get(slug=slug, version=1)


def the_input(slug: str, code: str) -> Input:
    return Input.objects.get(indicator__criterion__criteria_set__slug=slug, code=code)


@pytest.mark.parametrize(
    ("slug", "criteria", "indicators", "missing"),
    [
        ("commune-ntm-2021-2025", 19, 57, 0),
        ("commune-advanced-2021-2025", 19, 75, 0),
        ("commune-model-2021-2025", 4, 4, 0),
        ("district-ntm-2021-2025", 9, 36, 0),
        ("district-advanced-2021-2025", 9, 37, 1),
        ("commune-ntm-2026-2030", 10, 9, 38),
        ("province-hatinh-pilot-2021-2025", 10, 10, 0),
        ("province-ntm-2021-2025", 8, 8, 0),
        ("town-completed-2021-2025", 0, 0, 0),
        ("urban-civilised", 9, 14, 0),
        ("residential-model", 10, 10, 0),
    ],
)
def test_a_set_holds_what_its_text_lists_and_says_what_is_missing(slug, criteria, indicators, missing):
    found = the_set(slug)
    rows = Criterion.objects.filter(criteria_set=found, role=Role.CRITERION)
    assert (found.listed_criteria, found.listed_indicators, found.missing_indicators) == (criteria, indicators, missing)
    assert (rows.count(), Indicator.objects.filter(criterion__in=rows).count()) == (criteria, indicators)


def test_thirteen_sets_are_loaded():
    assert CriteriaSet.objects.count() == 13


def test_no_round_may_open_on_the_incomplete_sets_and_none_of_their_criteria_is_complete():
    closed = CriteriaSet.objects.filter(allows_rounds=False)
    assert sorted(closed.values_list("slug", flat=True)) == [
        "commune-modern-2026-2030",
        "commune-ntm-2026-2030",
        "province-ntm-2026-2030",
    ]
    assert not Criterion.objects.filter(criteria_set__in=closed, is_complete=True).exists()


def test_the_criteria_that_may_lack_the_missing_indicator_are_incomplete():
    incomplete = Criterion.objects.filter(criteria_set__allows_rounds=True, is_complete=False)
    assert set(incomplete.values_list("criteria_set__slug", "code")) == {
        ("district-advanced-2021-2025", code) for code in ("2", "4", "8", "9")
    }


def test_each_role_counts_its_bits_from_zero():
    for found in CriteriaSet.objects.all():
        for role in Role.values:
            bits = list(found.criteria.filter(role=role).order_by("bit").values_list("bit", flat=True))
            assert bits == list(range(len(bits)))


@pytest.mark.parametrize(
    ("slug", "conditions", "recognition"),
    [
        ("commune-ntm-2021-2025", [], ["CN1", "CN2", "CN3"]),
        ("commune-advanced-2021-2025", ["ĐK"], ["CN1", "CN2", "CN3"]),
        ("commune-model-2021-2025", [], ["CN1", "CN2", "CN3"]),
        ("district-ntm-2021-2025", ["DK1", "DK2", "DK3", "DK4"], ["CN2", "CN3"]),
        ("district-advanced-2021-2025", ["DK1", "DK2", "DK3", "DK4"], ["CN2", "CN3"]),
        ("town-completed-2021-2025", ["DK1", "DK2", "DK3", "DK4"], ["CN2", "CN3"]),
        ("urban-civilised", ["DK1"], ["CN1"]),
        ("residential-model", ["DK1"], []),
        ("province-ntm-2021-2025", [], []),
    ],
)
def test_conditions_stand_beside_the_criteria(slug, conditions, recognition):
    found = the_set(slug).criteria.order_by("bit")
    assert list(found.filter(role=Role.CONDITION).values_list("code", flat=True)) == conditions
    assert list(found.filter(role=Role.RECOGNITION).values_list("code", flat=True)) == recognition


@pytest.mark.parametrize(
    ("slug", "code", "derived"),
    [
        ("commune-advanced-2021-2025", "ĐK", {"kind": "attained", "set": "commune-ntm-2021-2025"}),
        ("commune-model-2021-2025", "1.1", {"kind": "attained", "set": "commune-advanced-2021-2025"}),
        ("commune-model-2021-2025", "2.1", {"kind": "ratio", "set": "commune-advanced-2021-2025", "input": "10.1"}),
        ("district-ntm-2021-2025", "DK3", {"kind": "share", "tier": "urban-civilised", "member_kinds": ["thi_tran"]}),
        ("district-advanced-2021-2025", "DK1", {"kind": "attained", "set": "district-ntm-2021-2025"}),
        ("province-ntm-2021-2025", "1.1", {"kind": "share", "tier": "ntm", "member_kinds": ["huyen"]}),
        (
            "province-ntm-2021-2025",
            "2.1",
            {"kind": "share", "tier": "completed", "member_kinds": ["thi_xa", "thanh_pho"]},
        ),
        ("province-ntm-2021-2025", "4.1", {"kind": "share", "tier": "advanced", "member_kinds": ["xa"]}),
    ],
)
def test_values_that_follow_from_other_sets_are_computed(slug, code, derived):
    assert the_input(slug, code).derived == derived


def test_a_level_that_is_not_known_has_no_row():
    national = Threshold.objects.filter(province=None)
    for slug, code in [
        ("commune-ntm-2021-2025", "2.1"),
        ("commune-advanced-2021-2025", "2.2.a"),
        ("district-advanced-2021-2025", "8.3"),
        ("commune-ntm-2026-2030", "3.1"),
    ]:
        assert not national.filter(input=the_input(slug, code)).exists()
    advanced = national.filter(input=the_input("commune-advanced-2021-2025", "18.1"))
    assert list(advanced.values_list("region", "value")) == [("BTB", Decimal(55))]


def test_income_levels_rise_from_year_to_year():
    rows = Threshold.objects.filter(input=the_input("commune-ntm-2021-2025", "10.1"), region="BTB", province=None)
    assert list(rows.order_by("year").values_list("year", "value")) == [
        (2021, 39), (2022, 42), (2023, 44), (2024, 46), (2025, 48),
    ]  # fmt: skip


def test_levels_by_commune_group_are_kept():
    rows = Threshold.objects.filter(input=the_input("commune-ntm-2026-2030", "4.x1"))
    assert dict(rows.values_list("group", "value")) == {"1": 40, "2": 35, "3": 27}


def test_confidence_differs_from_region_to_region():
    rows = Threshold.objects.filter(input=the_input("commune-ntm-2021-2025", "15.4"), province=None)
    assert dict(rows.values_list("region", "confidence")) == {
        "TDMNPB": "verified",
        "DBSH": "verified",
        "BTB": "uncertain",
    }


def test_the_two_rules_by_number_of_schools_are_alternatives_of_some_regions():
    first, second, third = (the_input("commune-ntm-2021-2025", f"5.1.{letter}") for letter in "abc")
    assert first.alternative == second.alternative != ""
    assert "BTB" in first.regions
    assert third.alternative == ""
    assert third.regions == ["DBSH", "DNB"]


def test_the_placeholders_of_the_pilot_say_what_they_are():
    pilot = the_set("province-hatinh-pilot-2021-2025")
    assert pilot.confidence == "placeholder"
    assert pilot.criteria.filter(is_placeholder=True, confidence="placeholder").count() == 10


def test_revocation_names_its_shares_and_criteria():
    first, second = the_set("commune-ntm-2021-2025").revocation["any_of"]
    assert (first["share_from"], first["share_below"], first["including_one_of"]) == (30, 50, ["10", "17", "19"])
    assert (second["share_from"], second.get("share_below")) == (50, None)


def test_a_level_names_the_decision_it_stands_in():
    assert (
        Threshold.objects.get(input=the_input("commune-ntm-2021-2025", "3.1")).legal_reference
        == "318/QĐ-TTg, Phụ lục I"
    )
    assert "1491" in Threshold.objects.get(input=the_input("commune-ntm-2021-2025", "5.1.a")).legal_reference

"""The generated year 2023 and the work of 2024: what they show, and that they are marked."""

import datetime as dt
from collections import Counter

import pytest

from communes.models import Area
from criteria import engine
from criteria.models import Assessment, Attainment, Reading, Round, State, Threshold, Verdict
from criteria.queries.recognition import in_force

pytestmark = pytest.mark.django_db

CLOSED_ON = dt.date(2024, 2, 15)
NTM, ADVANCED, MODEL = "commune-ntm-2021-2025", "commune-advanced-2021-2025", "commune-model-2021-2025"
TIER_SETS = {"ntm": NTM, "advanced": ADVANCED, "model": MODEL}


def _attained(slug: str, period: str = "2023") -> dict[str, int]:
    rows = Attainment.objects.filter(assessment__round__criteria_set__slug=slug, assessment__round__period__code=period)
    return dict(rows.values_list("assessment__area__code", "verdict"))


def _holding(tier: str) -> set[str]:
    held = in_force(tier=tier, on=dt.date(2023, 12, 31), up_to_year=2023, decided_by=CLOSED_ON)
    return set(held.values_list("code", flat=True))


def _readings(period: str = "2023", **conditions):
    return Reading.objects.filter(assessment__round__period__code=period, **conditions)


def test_fifteen_to_twenty_recognised_communes_no_longer_meet_a_set_of_their_tier():
    short = set()
    for tier, slug in TIER_SETS.items():
        attained = _attained(slug)
        short |= {code for code in _holding(tier) & attained.keys() if attained[code] != Verdict.MET}
    assert 15 <= len(short) <= 20


def test_most_of_their_gaps_are_clean_water_and_income():
    failing = _readings(
        verdict=Verdict.NOT_MET,
        assessment__round__criteria_set__slug=NTM,
        assessment__area__code__in=_holding("ntm"),
    )
    gaps = Counter(failing.values_list("input__indicator__code", flat=True))
    assert gaps["17.1"] + gaps["10.1"] > sum(gaps.values()) * 0.8


def test_the_commune_outside_the_count_does_not_attain():
    assert _attained(NTM)["18538"] == Verdict.NOT_MET


@pytest.mark.parametrize("slug", [ADVANCED, MODEL, "urban-civilised"])
def test_no_unit_attains_a_tier_that_it_does_not_hold(slug):
    tier = Round.objects.filter(criteria_set__slug=slug).first().criteria_set.tier
    attaining = {code for code, verdict in _attained(slug).items() if verdict == Verdict.MET}
    assert attaining <= _holding(tier)


def test_nothing_of_the_generated_year_is_left_undetermined():
    open_rows = Attainment.objects.filter(assessment__round__period__code="2023", criteria_undetermined__gt=0)
    assert not open_rows.exclude(assessment__round__criteria_set__criteria__is_complete=False).exists()


def test_the_pilot_has_two_approved_criteria_met_and_eight_unmet():
    pilot = _readings(assessment__round__criteria_set__tier="pilot")
    assert Counter(pilot.values_list("verdict", flat=True)) == {Verdict.MET: 2, Verdict.NOT_MET: 8}
    assert set(pilot.values_list("state", flat=True)) == {State.APPROVED}


def test_the_share_of_advanced_communes_is_the_one_of_the_press():
    share = _readings(assessment__round__criteria_set__slug="province-ntm-2021-2025", input__code="4.1").get()
    assert round(share.value, 1) == round(share.value.__class__("33.1"), 1)
    assert (share.detail["recognised"], share.detail["registered"]) == (60, 182)


def test_districts_recognised_meet_their_set_and_huong_khe_does_not():
    attained = _attained("district-ntm-2021-2025")
    assert [code for code, verdict in attained.items() if verdict != Verdict.MET] == ["444"]


def test_one_fact_asked_for_by_two_sets_has_one_value():
    for code in ("10.1", "11.1"):
        asked = _readings(input__code=code, assessment__round__criteria_set__slug__in=[NTM, ADVANCED])
        pairs = set(asked.values_list("assessment__area__code", "value"))
        assert len(pairs) == 182


def test_values_are_in_range():
    values = _readings(not_applicable=False, input__derived__isnull=True)
    assert not values.filter(value__lt=0).exists()
    assert not values.filter(input__value_type="percent", value__gt=100).exists()
    income = _readings(input__code="10.1", assessment__round__criteria_set__slug=NTM).values_list("value", flat=True)
    assert 35 < min(income) < 44 < max(income) < 70


def test_the_year_2023_is_closed_and_2024_is_open():
    assert set(Round.objects.filter(period__code="2023").values_list("closed_on", flat=True)) == {CLOSED_ON}
    assert set(Round.objects.filter(period__code="2024").values_list("closed_on", flat=True)) == {None}


def test_every_value_entered_in_the_generated_years_is_marked_illustrative():
    filled = Reading.objects.filter(input__derived__isnull=True).exclude(value=None, not_applicable=False)
    assert filled.exists()
    assert not filled.filter(is_illustrative=False).exists()


def test_the_work_of_2024_is_prefilled_and_stands_in_every_state():
    states = Counter(_readings("2024", input__derived__isnull=True).values_list("state", flat=True))
    assert set(states) == {state.value for state in State}
    assert states[State.DRAFT] > sum(states.values()) / 2
    before = _readings(assessment__area__code="18502", input__code="10.1").values_list("value", flat=True)
    assert set(
        _readings("2024", assessment__area__code="18502", input__code="10.1").values_list("value", flat=True)
    ) == (set(before))


def test_ha_linh_has_something_in_every_state_and_criterion_17_left_to_enter():
    of_ha_linh = _readings("2024", assessment__area__code="18502", assessment__round__criteria_set__slug=NTM)
    assert set(of_ha_linh.values_list("state", flat=True)) == {state.value for state in State}
    water = of_ha_linh.filter(input__indicator__criterion__code="17")
    assert set(water.values_list("state", flat=True)) == {State.DRAFT}
    assert set(of_ha_linh.filter(state=State.RETURNED).values_list("return_reason", flat=True)) != {""}


def test_every_open_input_has_a_threshold_and_invented_ones_say_so():
    units = Assessment.objects.filter(round__period__code="2023")
    unbound = Reading.objects.filter(assessment__in=units, threshold=None)
    assert not unbound.exclude(value=None, not_applicable=False).exists()
    invented = Threshold.objects.filter(is_illustrative=True)
    assert invented.exists()
    assert set(invented.values_list("legal_reference", flat=True)) == {"Minh hoạ, chưa có văn bản"}
    assert set(invented.values_list("confidence", flat=True)) == {"placeholder"}
    assert set(invented.values_list("province__code", flat=True)) == {"42"}


def test_stored_attainment_equals_the_facts():
    assert engine.verify() == []


def test_the_territory_of_the_rounds_is_that_of_the_years_end():
    for period in ("2023", "2024"):
        units = Assessment.objects.filter(round__period__code=period, round__criteria_set__slug=NTM)
        assert units.count() == 182
        assert set(units.values_list("area_id", flat=True)) <= set(
            Area.objects.as_of(dt.date(2024, 12, 31)).values_list("id", flat=True)
        )

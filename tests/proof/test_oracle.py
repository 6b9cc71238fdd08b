"""The oracle itself: a few results that anybody can check by hand."""

from decimal import Decimal

from criteria import engine, ledger
from criteria.models import Attainment, Verdict
from tests.proof.comparing import faults
from tests.proof.oracle import MET, NOT_APPLICABLE, NOT_MET, UNDETERMINED, measure, worst


def test_one_value_against_one_level():
    assert measure(Decimal(60), False, ">=", Decimal(60)) == MET
    assert measure(Decimal(60), False, "<=", Decimal("59.9")) == NOT_MET
    assert measure(Decimal(60), False, ">=", None) == UNDETERMINED
    assert measure(None, True, "is_true", Decimal(1)) == NOT_APPLICABLE


def test_what_fails_decides_before_what_is_open():
    assert worst([MET, UNDETERMINED, NOT_MET]) == NOT_MET
    assert worst([MET, UNDETERMINED, NOT_APPLICABLE]) == UNDETERMINED
    assert worst([NOT_APPLICABLE]) == worst([]) == MET


def test_an_empty_world_is_as_the_law_says(world):
    assert faults(world) == []


def test_a_filled_world_is_as_the_law_says_and_attains_where_every_level_is_known(world):
    for commune in world.communes:
        world.fill("tiny-ntm", commune)
        world.fill("tiny-advanced", commune)
    for district in world.districts:
        world.fill("tiny-district", district)
    world.recognise(world.communes[:4])
    ledger.recompute_dirty()
    assert faults(world) == []
    attained = Attainment.objects.filter(verdict=Verdict.MET, assessment__round__province=world.province).values_list(
        "assessment__round__criteria_set__slug", "assessment__area__code"
    )
    # The third commune has no group and the last no level in its region: both stay undetermined.
    first = ["Z1A0", "Z1A1", "Z1B0", "Z1B1"]
    expected = [*(("tiny-ntm", code) for code in first), *(("tiny-advanced", code) for code in first)]
    assert sorted(attained) == sorted([*expected, ("tiny-district", "Z1A")])


def test_the_comparison_finds_a_row_that_was_tampered_with(world):
    folder = world.folder("tiny-ntm", world.communes[0])
    Attainment.objects.filter(pk=folder.pk).update(failing=1)
    assert len(faults(world)) == 1
    assert engine.verify(engine.unit(area_id=folder.area_id, period_id=world.period.pk))

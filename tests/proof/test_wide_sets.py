"""A set as wide as the law may become: 63 criteria, more indicators than one word of bits holds."""

import datetime as dt

import pytest
import yaml

from criteria import engine, ledger
from criteria.actions.rounds import open_round
from criteria.law_loading import load
from criteria.models import Assessment, Attainment, CriteriaSet, Criterion, Indicator, Input, Reading, State, Verdict
from tests.proof.comparing import faults
from tests.proof.world import RULEBOOKS

CRITERIA, EACH = 63, 3
_HEAD = ("level", "kinds", "name", "confidence", "complete", "declared", "default_region", "legal_basis")


def _rulebook(version: int, first: str, last: str | None) -> dict:
    """tiny-ntm's head, with as many criteria as a mask holds."""
    head = yaml.safe_load((RULEBOOKS / "tiny-ntm.yaml").read_text(encoding="utf-8"))
    kept = {name: head[name] for name in _HEAD}
    criteria = [
        {
            "code": str(number),
            "name": f"Tiêu chí {number}",
            "confidence": "placeholder",
            "indicators": [
                {
                    "code": f"{number}.{n}",
                    "name": f"Chỉ tiêu {number}.{n}",
                    "value_type": "percent",
                    "operator": ">=",
                    "threshold": 50,
                    "confidence": "placeholder",
                }
                for n in range(1, EACH + 1)
            ],
        }
        for number in range(1, CRITERIA + 1)
    ]
    dates = {"effective_from": first, "effective_to": last, "version": version}
    return {**kept, "slug": "wide", "tier": "wide", "criteria": criteria, **dates}


def _load(folder, *rulebooks: dict) -> None:
    for rulebook in rulebooks:
        path = folder / f"wide-{rulebook['version']}.yaml"
        path.write_text(yaml.safe_dump(rulebook, allow_unicode=True), encoding="utf-8")
    load(folder)


def _open(world, criteria_set: CriteriaSet):
    return open_round(
        province=world.province, period=world.period, criteria_set=criteria_set, due_on=dt.date(2022, 12, 31), by=None
    )


@pytest.fixture
def folder(world, tmp_path) -> Assessment:
    """A commune's folder in the wide set, every value approved and met."""
    _load(tmp_path, _rulebook(1, "2020-01-01", None))
    opened = _open(world, CriteriaSet.objects.get(slug="wide"))
    Reading.objects.filter(assessment__round=opened).update(value=60, state=State.APPROVED, verdict=Verdict.MET)
    engine.recompute(engine.folders(engine.Q(round=opened)))
    return opened.assessments.get(area=world.communes[0])


def test_the_last_criterion_and_the_last_indicator_have_bits_of_their_own(folder, world):
    row = Attainment.objects.get(pk=folder.pk)
    assert (row.verdict, row.criteria_met, row.indicators) == (Verdict.MET, CRITERIA, {})
    folder.readings.filter(input__code="63.3").update(value=40, verdict=Verdict.NOT_MET)
    folder.readings.filter(input__code="1.1").update(value=None, state=State.DRAFT, verdict=Verdict.UNDETERMINED)
    engine.recompute(engine.folders(engine.Q(pk=folder.pk)))
    row.refresh_from_db()
    assert (row.failing, row.undetermined) == (1 << 62, 1)
    assert (row.criteria_met, row.criteria_failing, row.criteria_undetermined) == (CRITERIA - 2, 1, 1)
    assert row.indicators == {"0": [0, 1], "3": [1 << (CRITERIA * EACH - 1) % 60, 0]}
    assert row.verdict == Verdict.NOT_MET
    ledger.recompute_dirty()
    assert faults(world) == []


def test_every_input_knows_its_place_in_the_masks(folder):
    for entry in Input.objects.select_related("indicator__criterion"):
        indicator, criterion = entry.indicator, entry.indicator.criterion
        assert (entry.word, entry.indicator_mask) == (indicator.slot // 60, 1 << indicator.slot % 60)
        for role in Criterion.Role.values:
            expected = 1 << criterion.bit if criterion.role == role else 0
            assert getattr(entry, f"{role}_mask") == expected
    assert Indicator.objects.filter(criterion__criteria_set__slug="wide").count() == CRITERIA * EACH


def test_two_versions_of_a_set_are_both_recomputed_in_one_go(world, tmp_path):
    """The second half of the year stands under a new version: both have rounds in the same period."""
    _load(tmp_path, _rulebook(1, "2020-01-01", "2022-06-30"), _rulebook(2, "2022-07-01", None))
    rounds = [_open(world, found) for found in CriteriaSet.objects.filter(slug="wide").order_by("version")]
    found = Assessment.objects.filter(round__in=rounds, area=world.communes[0])
    Attainment.objects.filter(assessment__in=found).update(failing=5, criteria_met=9)
    engine.recompute(engine.folders(engine.unit(area_id=world.communes[0].pk, period_id=world.period.pk)))
    assert set(Attainment.objects.filter(assessment__in=found).values_list("failing", "criteria_met")) == {(0, 0)}

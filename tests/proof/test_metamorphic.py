"""What must not matter, and what must: the same facts told in another way, or told twice, or asked more strictly."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from criteria import ledger
from criteria.actions import readings as act
from criteria.actions.thresholds import enter_threshold
from criteria.models import Attainment, Reading, RollUp, State, Verdict
from tests.proof.comparing import faults
from tests.proof.world import NOTE, World

FIELDS = ("assessment_id", "failing", "undetermined", "conditions_failing", "conditions_undetermined")
FIELDS += ("recognition_failing", "recognition_undetermined", "criteria_met", "verdict", "indicators")
COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met")


def results(world: World) -> dict[str, list[Any]]:
    """Everything derived, after the job: what is shown of attainment anywhere."""
    ledger.recompute_dirty()
    assert faults(world) == []
    folders = {"assessment__round__province": world.province}
    derived = Reading.objects.filter(input__derived__isnull=False, **folders)
    return {
        "attainment": list(Attainment.objects.filter(**folders).order_by("pk").values_list(*FIELDS)),
        "roll-ups": sorted(RollUp.objects.filter(period=world.period).values_list("area_id", "criteria_set", *COUNTS)),
        "derived": sorted(derived.values_list("pk", "verdict", "not_applicable")),
    }


def test_the_order_of_approvals_does_not_matter(world):
    first, second = world.communes[:2]
    ids = world.fill("tiny-ntm", first, until=State.APPRAISED)
    ids += world.fill("tiny-advanced", first, until=State.APPRAISED)
    ids += world.fill("tiny-ntm", second, until=State.APPRAISED, **{"1_1": "10"})
    ids += world.fill("tiny-district", world.districts[0], until=State.APPRAISED)

    def approved_in(batches: list[list[int]]) -> dict[str, list[Any]]:
        with transaction.atomic():
            for batch in batches:
                act.approve(reading_ids=batch, by=world.approver)
            found = results(world)
            transaction.set_rollback(True)
        return found

    at_once = approved_in([ids])
    for seed in range(5):
        shuffled = random.Random(seed).sample(ids, len(ids))
        assert approved_in([[key] for key in shuffled]) == at_once


@pytest.mark.parametrize("until", [State.DRAFT, State.SUBMITTED, State.VERIFIED, State.APPRAISED])
def test_a_value_that_is_not_approved_changes_nothing(world, until):
    world.fill("tiny-ntm", world.communes[0])
    before = results(world)
    if until == State.DRAFT:
        reading = world.reading("tiny-ntm", world.communes[1], "1.1")
        officer = world.officer(world.communes[1])
        act.record(reading_id=reading.pk, text="60", version=reading.version, by=officer, note=NOTE)
    else:
        world.fill("tiny-ntm", world.communes[1], until=until)
    assert results(world) == before


@pytest.mark.parametrize("take_back", [act.return_reading, act.unlock])
@pytest.mark.parametrize("text", ["60", "10"])
def test_approved_and_taken_back_is_as_if_never_approved(world, take_back, text):
    world.fill("tiny-advanced", world.communes[0])
    ids = world.fill("tiny-ntm", world.communes[0], until=State.APPRAISED, **{"1_1": text})
    before = results(world)
    act.approve(reading_ids=ids, by=world.approver)
    assert results(world) != before
    for reading in Reading.objects.filter(pk__in=ids):
        take_back(reading_id=reading.pk, reason="Xem lại.", version=reading.version, by=world.approver)
    assert results(world) == before


def counts_of(copies: int) -> tuple[list[tuple[int, ...]], list[dict[str, int]], list[Any]]:
    """Counts of the districts and the province, in two forms, and the shares of the first district."""
    with transaction.atomic():
        world = World(communes=3, copies=copies)
        for n, commune in enumerate(world.communes):
            changed = [{}, {"1_1": "10"}, {"DK1_1": "5"}][n % 3]
            world.fill("tiny-ntm", commune, until=State.SUBMITTED if n % 3 == 2 else State.APPROVED, **changed)
        world.recognise(commune for n, commune in enumerate(world.communes) if n % 3 == 0)
        results(world)
        rows = RollUp.objects.filter(period=world.period).order_by("area__code", "criteria_set__slug")
        shares = Reading.objects.filter(assessment__area=world.districts[0], input__derived__kind="share")
        found = (
            list(rows.values_list(*COUNTS)),
            list(rows.values_list("by_criteria_met", flat=True)),
            list(shares.order_by("input__code").values_list("value", "verdict")),
        )
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_doubling_every_commune_doubles_every_count_and_leaves_every_share():
    counts, by_met, shares = counts_of(copies=1)
    doubled, by_met_doubled, same_shares = counts_of(copies=2)
    assert any(attained for _, attained, *_ in counts)
    assert doubled == [tuple(2 * count for count in row) for row in counts]
    assert by_met_doubled == [{met: 2 * units for met, units in row.items()} for row in by_met]
    assert same_shares == shares


STRICTER = {
    "1.1": ["0", "30", "50", "60", "60.0001", "100"],
    "1.2": ["100", "12", "8", "7.9999", "0"],
    "2.1": ["0", "30", "39.5", "50", "60"],
    "3.1": ["0", "45", "50", "100"],
    "DK1.1": ["10", "5", "0"],
}


@pytest.mark.parametrize("code", STRICTER)
def test_a_stricter_level_never_raises_attainment(world, code):
    for n, commune in enumerate(world.communes):
        world.fill("tiny-ntm", commune, **{"1_1": str(30 + 10 * n), "1_2": str(4 * n), "2_1": str(30 + 5 * n)})
    before = None
    for n, level in enumerate(STRICTER[code]):
        enter_threshold(
            input=world.inputs["tiny-ntm", code],
            province=world.province,
            valid_from=dt.date(2021, 1, 1) + dt.timedelta(days=n),
            legal_reference="1/QĐ-TH",
            by=world.office,
            value=Decimal(level),
        )
        results(world)
        rows = Attainment.objects.filter(assessment__round=world.rounds[0]).values_list("pk", "verdict", "criteria_met")
        now = {pk: (verdict == Verdict.MET, met) for pk, verdict, met in rows}
        for pk, (attains, met) in now.items():
            assert before is None or (attains <= before[pk][0] and met <= before[pk][1])
        before = now

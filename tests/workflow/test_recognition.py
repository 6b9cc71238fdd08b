"""Recognition by decision: when it counts, for which unit, and what ends it."""

import datetime as dt

import pytest

from accounts.errors import OutOfScope, Refused
from communes import epochs
from criteria import ledger
from criteria.actions.decisions import Paper, record_decision
from criteria.models import Decision, DirtyScope, Reading, Recognition
from criteria.queries.decisions import limbs
from criteria.queries.recognition import granted_in_year, holding, in_force

END_2023, CONFERENCE = dt.date(2023, 12, 31), dt.date(2024, 2, 21)
HUONG_TRACH, HA_LINH, LOC_HA_COMMUNE = "18553", "18502", "18583"


def recognise(
    area, by, *, tier="model", act=Recognition.Act.GRANTED, on=dt.date(2024, 11, 1), year=2024, ground=""
) -> Decision:
    paper = Paper(
        number="01/QĐ-UBND",
        issued_on=on,
        issuer="UBND tỉnh",
        signer="Người ký thử nghiệm",
        tier=tier,
        act=act,
        result_year=year,
        areas=[area],
        ground=ground,
    )
    return record_decision(paper=paper, by=by)


def refusal_of(area, by, **said) -> list[str]:
    """What the office is told of the one unit."""
    with pytest.raises(Refused) as refused:
        recognise(area, by, **said)
    assert refused.value.field == "units"
    return refused.value.details["faults"]


@pytest.mark.parametrize(("tier", "count"), [("ntm", 181), ("advanced", 60), ("model", 15)])
def test_the_published_totals_hold_at_the_end_of_2023(db, tier, count):
    communes = in_force(tier=tier, on=END_2023, up_to_year=2023, decided_by=CONFERENCE).filter(kind="xa")
    assert communes.count() == count


def test_a_decision_counts_from_its_day(db, area, province_officer):
    unit = area(HUONG_TRACH)
    recognise(unit, province_officer)
    before, after = dt.date(2024, 10, 31), dt.date(2024, 11, 1)
    assert not in_force(tier="model", on=before, decided_by=before).filter(pk=unit.pk).exists()
    assert in_force(tier="model", on=after, decided_by=after).filter(pk=unit.pk).exists()


def test_a_revocation_ends_what_was_held(db, area, province_officer):
    unit = area(HUONG_TRACH)
    recognise(unit, province_officer, tier="advanced", act=Recognition.Act.REVOKED, ground=limbs("advanced")[0][0])
    assert not holding(tier="advanced").filter(area=unit).exists()
    assert holding(tier="advanced", decided_by=dt.date(2024, 10, 31)).filter(area=unit).exists()


def test_a_tier_that_is_not_held_is_not_revoked(db, area, province_officer):
    (fault,) = refusal_of(area(HUONG_TRACH), province_officer, act=Recognition.Act.REVOKED, ground="Căn cứ thử nghiệm")
    assert fault == "Xã Hương Trạch không giữ bậc NTM kiểu mẫu để thu hồi."


def test_model_needs_advanced_first(db, area, province_officer):
    (fault,) = refusal_of(area(HA_LINH), province_officer)
    assert fault == "Xã Hà Linh chưa được công nhận bậc liền dưới (NTM nâng cao)."


def test_a_decision_on_a_unit_that_has_ended_is_refused(db, area, province_officer):
    (fault,) = refusal_of(area(HUONG_TRACH), province_officer, on=dt.date(2025, 8, 1))
    assert fault == "Xã Hương Trạch không tồn tại vào ngày quyết định."


def test_an_officer_of_a_district_records_no_decision(db, area, district_officer):
    with pytest.raises(OutOfScope):
        recognise(area(HUONG_TRACH), district_officer)


def test_a_decision_marks_the_shares_of_open_rounds(db, area, province_officer):
    DirtyScope.objects.all().delete()
    recognise(area(HUONG_TRACH), province_officer)
    assert set(DirtyScope.objects.values_list("area__code", flat=True)) == {"444", "42"}


def test_a_share_that_moves_without_turning_its_verdict_still_raises_the_epoch(db, area, province_officer):
    ledger.recompute_dirty()
    recognise(area(HUONG_TRACH), province_officer)  # advanced already: only model shares and figures can move
    share = Reading.objects.get(
        assessment__round__period__code="2024",
        assessment__round__criteria_set__slug="province-ntm-2021-2025",
        input__code="4.1",
    )
    Reading.objects.filter(pk=share.pk).update(value=1)
    before = epochs.current()
    ledger.recompute_dirty()
    assert Reading.objects.get(pk=share.pk).value == share.value
    assert epochs.current() > before


def test_a_carry_over_after_a_merger_is_not_among_the_new_ones(db):
    acts = Recognition.objects.filter(decision__number="3368/QĐ-UBND")
    assert set(acts.values_list("act", flat=True)) == {Recognition.Act.CARRIED_OVER}
    assert not granted_in_year(tier="ntm", year=2023).filter(pk__in=acts.values("pk")).exists()


def test_a_commune_that_only_changed_its_district_keeps_its_tier(db):
    on = dt.date(2025, 3, 1)
    assert in_force(tier="advanced", on=on, decided_by=on).filter(code=LOC_HA_COMMUNE).exists()

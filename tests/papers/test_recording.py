"""Recording a decision: all its units or none, every reason at once, and who may."""

import datetime as dt
import unicodedata

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from communes import epochs
from criteria.actions.decisions import confirm_decision, record_decision
from criteria.models import Decision, DirtyScope, Recognition
from criteria.queries import deciding, decisions
from criteria.queries.deciding import pasted
from criteria.queries.recognition import holding, in_force
from tests.papers.conftest import DAY, HA_LINH, HUONG_KHE_TOWN, HUONG_TRACH


def holds(code: str, tier: str, on: dt.date = DAY) -> bool:
    return in_force(tier=tier, on=on, decided_by=on).filter(code=code).exists()


def test_a_decision_counts_for_all_its_units_from_its_day(db, paper, province_officer):
    made = record_decision(paper=paper(HA_LINH, tier="advanced"), by=province_officer)
    assert (made.signer, made.recorded_by, made.confidence) == ("Người ký thử nghiệm", province_officer, "recalled")
    assert holds(HA_LINH, "advanced")
    assert not holds(HA_LINH, "advanced", DAY - dt.timedelta(days=1))


def test_recording_marks_shares_raises_the_epoch_and_is_told_in_each_unit(db, paper, province_officer):
    DirtyScope.objects.all().delete()
    before = epochs.current()
    made = record_decision(paper=paper(), by=province_officer)
    assert set(DirtyScope.objects.values_list("area__code", flat=True)) == {"444", "42"}
    assert epochs.current() > before
    told = AuditEvent.objects.filter(subject_type="criteria.recognition").latest("id")
    assert (told.action, told.area_path) == ("recognition.granted", f"/42/444/{HUONG_TRACH}/")
    assert AuditEvent.objects.filter(action="decision.record", subject_id=str(made.pk)).count() == 1


def test_every_unit_that_cannot_be_is_named_at_once_and_nothing_is_written(db, paper, province_officer):
    before = Recognition.objects.count(), Decision.objects.count()
    with pytest.raises(Refused) as refused:
        record_decision(paper=paper(HUONG_TRACH, HA_LINH, HUONG_KHE_TOWN), by=province_officer)
    faults = refused.value.details["faults"]
    assert len(faults) == 2
    assert "Hà Linh chưa được công nhận bậc liền dưới (NTM nâng cao)" in faults[0]
    assert "không dành cho thị trấn" in faults[1]
    assert (Recognition.objects.count(), Decision.objects.count()) == before


def test_a_unit_that_ended_before_the_decision_is_refused(db, paper, province_officer):
    late = dt.date(2025, 8, 1)
    with pytest.raises(Refused) as refused:
        record_decision(paper=paper(issued_on=late, result_year=2025), by=province_officer)
    assert "không tồn tại vào ngày quyết định" in refused.value.details["faults"][0]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "  "}, "number"),
        ({"signer": ""}, "signer"),
        ({"issuer": "x" * 201}, "issuer"),
        ({"issued_on": dt.date(2999, 1, 1)}, "issued_on"),
        ({"result_year": 2025}, "result_year"),
        ({"tier": "không có"}, "tier"),
        ({"act": "tặng"}, "act"),
        ({"areas": []}, "units"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(db, paper, province_officer, said, field):
    with pytest.raises(Refused) as refused:
        record_decision(paper=paper(**said), by=province_officer)
    assert refused.value.field == field
    assert not Decision.objects.filter(recorded_by=province_officer).exists()


@pytest.mark.parametrize("number", ["2864/QĐ-UBND", " 2864/qđ-ubnd "])
def test_a_number_is_recorded_once_a_year_however_it_is_typed(db, paper, recorded, province_officer, number):
    with pytest.raises(Refused) as refused:
        record_decision(paper=paper(number=number), by=province_officer)
    assert (refused.value.field, refused.value.details["decision"]) == ("number", recorded.pk)


def test_numbers_begin_anew_every_year(db, paper, recorded, province_officer):
    again = paper(issued_on=dt.date(2023, 11, 1), result_year=2023)
    assert record_decision(paper=again, by=province_officer).pk != recorded.pk


def test_the_database_itself_keeps_a_number_from_being_recorded_twice(db, recorded):
    twin = {"recorded_by": recorded.recorded_by, "recorded_at": recorded.recorded_at, "confidence": "recalled"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(number=recorded.number, issued_on=recorded.issued_on, **twin)


def test_a_unit_named_twice_is_recorded_once(db, paper, province_officer):
    made = record_decision(paper=paper(HUONG_TRACH, HUONG_TRACH), by=province_officer)
    assert made.recognitions.count() == 1


def test_nobody_but_the_province_office_records(
    db, paper, district_officer, district_reviewer, commune_officer, department_officer, administrator
):
    for person in (district_officer, district_reviewer, commune_officer, department_officer, administrator):
        with pytest.raises(OutOfScope):
            record_decision(paper=paper(), by=person)


# A decision of several tiers


def test_a_decision_may_give_several_tiers_one_part_after_the_other(db, paper, province_officer):
    first = record_decision(paper=paper(HA_LINH, tier="advanced"), by=province_officer)
    second = record_decision(paper=paper(HA_LINH, HUONG_TRACH, onto=first, number="", signer=""), by=province_officer)
    assert second == first
    assert sorted(first.recognitions.values_list("tier", flat=True)) == ["advanced", "model", "model"]
    assert holds(HA_LINH, "model")


def test_a_part_does_not_say_the_same_of_a_unit_twice(db, paper, recorded, province_officer):
    with pytest.raises(Refused) as refused:
        record_decision(paper=paper(onto=recorded), by=province_officer)
    assert refused.value.details["faults"] == ["Xã Hương Trạch đã ghi trong quyết định này."]


def test_only_who_recorded_a_decision_adds_to_it_and_only_before_it_is_compared(
    db, paper, recorded, province_officer, second_province_officer
):
    more = paper(HA_LINH, tier="advanced", onto=recorded)
    with pytest.raises(NotAllowed):
        record_decision(paper=more, by=second_province_officer)
    with pytest.raises(Stale):
        confirm_decision(decision=recorded, units=2, by=second_province_officer)
    confirm_decision(decision=recorded, units=1, by=second_province_officer)
    with pytest.raises(WrongState):
        record_decision(paper=more, by=province_officer)
    assert recorded.recognitions.count() == 1


# Revocation


def test_a_revocation_names_the_decision_and_the_limb_of_the_rule(db, paper, province_officer):
    limb = decisions.limbs("advanced")[0][0]
    revoking = paper(tier="advanced", act=Recognition.Act.REVOKED, ground=limb)
    made = record_decision(paper=revoking, by=province_officer)
    row = made.recognitions.get()
    assert row.ground == limb
    assert (row.revokes.tier, row.revokes.area.code) == ("advanced", HUONG_TRACH)
    assert not holds(HUONG_TRACH, "advanced")
    assert holds(HUONG_TRACH, "ntm")


def test_a_revocation_without_a_limb_of_the_rulebook_is_refused(db, paper, province_officer):
    for ground in ("", "vì lý do khác"):
        with pytest.raises(Refused) as refused:
            record_decision(
                paper=paper(tier="advanced", act=Recognition.Act.REVOKED, ground=ground), by=province_officer
            )
        assert refused.value.field == "ground"


def test_a_tier_whose_rulebook_lists_no_limb_is_revoked_on_a_ground_in_words(db, paper, recorded, province_officer):
    revoking = paper(number="01/QĐ-UBND", act=Recognition.Act.REVOKED, ground="Kết luận thanh tra số 5")
    row = record_decision(paper=revoking, by=province_officer).recognitions.get()
    assert row.revokes.decision == recorded


def test_only_a_held_tier_is_revoked(db, paper, province_officer):
    limb = decisions.limbs("advanced")[0][0]
    with pytest.raises(Refused) as refused:
        record_decision(
            paper=paper(HUONG_TRACH, HA_LINH, tier="advanced", act=Recognition.Act.REVOKED, ground=limb),
            by=province_officer,
        )
    assert refused.value.details["faults"] == ["Xã Hà Linh không giữ bậc NTM nâng cao để thu hồi."]


def test_what_a_commune_held_before_it_changed_its_district_is_revoked_too(db, paper, province_officer, area):
    on = dt.date(2025, 3, 1)
    moved = area("18583", on=on)
    assert not holding(tier="advanced").filter(area=moved).exists()  # it stands on the unit's earlier row
    limb = decisions.limbs("advanced")[0][0]
    revoking = paper(
        areas=[moved], tier="advanced", act=Recognition.Act.REVOKED, ground=limb, issued_on=on, result_year=2024
    )
    record_decision(paper=revoking, by=province_officer)
    assert not holds("18583", "advanced", on)


# Pasted lists


def test_a_pasted_list_is_read_by_code_by_name_and_in_two_columns(db):
    found = pasted("18553\nxã hà linh\n18496\tThị trấn Hương Khê; Huong Trach", on=DAY)
    assert [area.code for area in found.areas] == [HUONG_TRACH, HA_LINH, HUONG_KHE_TOWN]
    assert found.misses == []


def test_every_miss_of_a_pasted_list_is_named(db):
    found = pasted("Hà Linh\nXã Không Có\n99999\nXã Kỳ Anh", on=DAY)
    assert [area.code for area in found.areas] == [HA_LINH]
    assert [miss.unit for miss in found.misses] == ["Xã Không Có", "99999", "Xã Kỳ Anh"]


def test_names_in_decomposed_letters_are_found(db):
    found = pasted(unicodedata.normalize("NFD", "Xã Hà Linh"), on=DAY)
    assert [area.code for area in found.areas] == [HA_LINH]


def test_a_name_of_several_units_asks_for_the_code(db):
    found = pasted("Kỳ Anh", on=DAY)
    assert found.areas == []
    assert "ghi mã" in found.misses[0].message


def test_checking_many_units_costs_no_more_than_checking_one(db, province_officer, communes_of):
    units = communes_of("444")
    counts = []
    for areas in (units[:1], units):
        with CaptureQueriesContext(connection) as seen:
            deciding.faults(areas, tier="advanced", act="granted", on=DAY, by=province_officer)
        counts.append(len(seen))
        province_officer.__dict__.pop("_appointments", None)
    assert counts[0] == counts[1] <= 9

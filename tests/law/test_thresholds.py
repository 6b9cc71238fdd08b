"""The province enters and confirms thresholds: with a legal reference, dated, by a named person."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import AuditEvent
from communes import epochs
from communes.models import Area
from criteria.actions import law_changes
from criteria.actions.rounds import ensure_year, open_round
from criteria.actions.thresholds import confirm_threshold, enter_threshold
from criteria.models import CriteriaSet, Input, Reading, Round, Threshold, Verdict
from criteria.rules import thresholds

pytestmark = pytest.mark.django_db

NTM = "commune-ntm-2021-2025"
FROM = dt.date(2024, 1, 1)
REFERENCE = "Quyết định 36/2022/QĐ-UBND"


@pytest.fixture
def province() -> Area:
    return Area.objects.get(code="42", level="province")


@pytest.fixture
def entry(db) -> Input:
    """2.1, which the decision leaves to the province; without what the seed fills in."""
    found = Input.objects.get(indicator__criterion__criteria_set__slug=NTM, code="2.1")
    Reading.objects.filter(input=found).update(threshold=None)
    Threshold.objects.filter(input=found).delete()
    return found


@pytest.fixture
def enter(province, entry, province_officer):
    """`enter(value_text="90", …)`: a level of 2.1 entered by the province office, changed as told."""

    def do(**changes) -> Threshold:
        arguments = {"input": entry, "province": province, "value_text": "90", "valid_from": FROM}
        arguments |= {"legal_reference": REFERENCE, "by": province_officer}
        return enter_threshold(**(arguments | changes))

    return do


def test_who_entered_a_threshold_when_and_why_is_kept(enter, entry, province_officer):
    epoch = epochs.current()
    added = Threshold.objects.get(pk=enter(value_text="95,5 %").pk)
    assert (added.value, added.legal_reference, added.entered_by) == (Decimal("95.5"), REFERENCE, province_officer)
    assert added.entered_at is not None
    assert added.confidence == "recalled"
    event = AuditEvent.objects.get(action="threshold.enter", subject_id=str(added.pk))
    assert (event.actor_id, event.reason, event.data["input"]) == (province_officer.pk, REFERENCE, "2.1")
    assert epochs.current() > epoch


@pytest.mark.parametrize("who", ["district_officer", "district_reviewer", "department_officer", "administrator"])
def test_nobody_but_the_province_office_enters_a_threshold(request, enter, entry, who):
    with pytest.raises(NotAllowed):
        enter(by=request.getfixturevalue(who))
    assert not entry.thresholds.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legal_reference": "  "}, "legal_reference"),
        ({"legal_reference": "x" * 301}, "legal_reference"),
        ({"value_text": ""}, "value"),
        ({"value_text": "1.234"}, "value"),
        ({"value_text": "101"}, "value"),
        ({"value_text": "-1"}, "value"),
        ({"value_text": "không áp dụng"}, "value"),
        ({"value_text": "Đạt"}, "value"),
        ({"valid_to": dt.date(2023, 12, 31)}, "valid_to"),
        ({"region": "TB"}, "region"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused_at_its_field(enter, entry, changes, field):
    with pytest.raises(Refused) as refused:
        enter(**changes)
    assert refused.value.field == field
    assert not entry.thresholds.exists()


def test_a_yes_no_requirement_has_only_the_level_met(province, province_officer):
    entry = Input.objects.get(indicator__criterion__criteria_set__slug=NTM, code="6.1")
    arguments = {"input": entry, "province": province, "valid_from": FROM, "legal_reference": REFERENCE}
    with pytest.raises(Refused, match="Đạt"):
        enter_threshold(**arguments, value_text="Chưa đạt", by=province_officer)
    assert enter_threshold(**arguments, value_text="Đạt", by=province_officer).value == 1


def test_a_new_level_ends_the_one_before_it(enter):
    first = enter()
    second = enter(value_text="95", valid_from=dt.date(2025, 1, 1))
    first.refresh_from_db()
    assert first.valid_to == dt.date(2024, 12, 31)
    assert second.valid_to is None


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [(FROM, None), (dt.date(2023, 1, 1), None), (None, None), (dt.date(2023, 1, 1), FROM)],
)
def test_levels_of_one_key_may_not_overlap(enter, entry, valid_from, valid_to):
    enter()
    with pytest.raises(Refused, match="Trùng thời gian") as refused:
        enter(value_text="80", valid_from=valid_from, valid_to=valid_to)
    assert refused.value.field == "valid_from"
    assert entry.thresholds.get().valid_to is None


def test_a_level_may_lie_before_another_and_stand_beside_one_for_a_region(enter, entry):
    enter()
    enter(value_text="80", valid_from=dt.date(2023, 1, 1), valid_to=dt.date(2023, 12, 31))
    enter(value_text="70", region="TDMNPB")
    assert entry.thresholds.filter(valid_to=None).count() == 2


def test_a_level_with_an_end_is_not_cut_short_silently(enter):
    enter(valid_to=dt.date(2024, 12, 31))
    with pytest.raises(Refused, match="31/12/2024"):
        enter(valid_from=dt.date(2024, 7, 1))


def test_an_illustrative_level_is_marked_and_a_real_one_replaces_it(enter, entry):
    made_up = enter(by=None, is_illustrative=True, valid_from=dt.date(2021, 1, 1))
    assert (made_up.is_illustrative, made_up.confidence, made_up.entered_by) == (True, "placeholder", None)
    real = enter()
    assert real.is_illustrative is False
    found = thresholds.pick(
        list(entry.thresholds.all()), region="BTB", group="", year=2024, on=FROM, province_id=real.province_id
    )
    assert found == real


def test_a_real_level_may_start_before_the_illustrative_one(enter, entry):
    enter(by=None, is_illustrative=True, valid_from=FROM)
    assert enter(valid_from=dt.date(2023, 1, 1)).valid_to is None


def test_values_of_open_rounds_are_measured_again(enter, entry, province):
    found = CriteriaSet.objects.get(slug=NTM)
    opened = Round.objects.filter(criteria_set=found, period__code="2024").first() or open_round(
        province=province, period=ensure_year(2024), criteria_set=found, due_on=dt.date(2024, 12, 1), by=None
    )
    reading = Reading.objects.filter(input=entry, assessment__round=opened).order_by("pk").first()
    Reading.objects.filter(pk=reading.pk).update(value=Decimal(80), not_applicable=False, verdict=0)
    enter(value_text="75")
    reading.refresh_from_db()
    assert (reading.verdict, reading.threshold.value) == (Verdict.MET, 75)
    enter(value_text="85", valid_from=dt.date(2024, 6, 1))
    reading.refresh_from_db()
    assert (reading.verdict, reading.threshold.value) == (Verdict.NOT_MET, 85)
    assert law_changes.measure([reading.pk]) == []


def test_another_person_confirms_a_threshold_and_is_kept(enter, second_province_officer):
    confirmed = confirm_threshold(threshold=enter(), legal_reference="Số 36, Phụ lục", by=second_province_officer)
    stored = Threshold.objects.get(pk=confirmed.pk)
    assert (stored.confirmed_by, stored.confidence) == (second_province_officer, "verified")
    assert stored.confirmed_at is not None
    assert stored.legal_reference == "Số 36, Phụ lục"
    event = AuditEvent.objects.get(action="threshold.confirm", subject_id=str(stored.pk))
    assert event.data["before"]["legal_reference"] == REFERENCE


def test_who_entered_a_threshold_does_not_confirm_it(enter, province_officer):
    with pytest.raises(NotAllowed, match="người khác"):
        confirm_threshold(threshold=enter(), legal_reference=REFERENCE, by=province_officer)


def test_a_threshold_is_confirmed_once_with_a_reference_by_the_province_office(
    enter, second_province_officer, district_officer
):
    added = enter()
    with pytest.raises(NotAllowed):
        confirm_threshold(threshold=added, legal_reference=REFERENCE, by=district_officer)
    with pytest.raises(Refused):
        confirm_threshold(threshold=added, legal_reference="", by=second_province_officer)
    confirm_threshold(threshold=added, legal_reference=REFERENCE, by=second_province_officer)
    with pytest.raises(WrongState):
        confirm_threshold(threshold=added, legal_reference=REFERENCE, by=second_province_officer)


def test_a_national_level_is_confirmed_without_changing_it(province_officer):
    national = Threshold.objects.get(
        input__indicator__criterion__criteria_set__slug=NTM, input__code="3.1", province=None
    )
    confirmed = confirm_threshold(threshold=national, legal_reference="318/QĐ-TTg", by=province_officer)
    assert (confirmed.value, confirmed.confidence, confirmed.confirmed_by) == (80, "verified", province_officer)

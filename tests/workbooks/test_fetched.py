"""A fetched workbook comes back later: what was not touched is passed over, and it is read for its own round."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import jobs
from criteria.actions import imports, readings
from criteria.actions.rounds import ensure_year
from criteria.models import Assessment, Import, Reading, Round, State
from criteria.queries import imports as queries
from criteria.workbooks import forms, reading, table
from tests.workbooks.conftest import messages
from tests.workbooks.test_imports import CODE, fetched, filled, put

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "first", "then"),
    [("10.1", "1.234,5", "50"), ("17.3", "Đạt", "Chưa đạt"), ("17.9", "không áp dụng", "95"), ("10.1", "0", "12")],
)
@pytest.mark.parametrize("named", [{}, {"area_code": CODE}])
def test_an_untouched_cell_is_no_conflict_when_its_value_changed_since(
    code, first, then, named, office, district_officer, sent
):
    record = {"reading_id": office.reading(code).pk, "by": district_officer}
    readings.record(text=first, version=1, **record)
    content = filled(fetched(district_officer, office, **named), lambda sheet: None)
    readings.record(text=then, version=2, **record)
    made = sent(content, district_officer)
    assert (made.state, made.faults, made.staged) == (Import.State.READY, [], [])
    assert (made.unchanged, made.conflicts) == (1, 0)


def test_beside_an_untouched_cell_another_that_was_typed_is_still_taken(office, district_officer, sent, applied):
    readings.record(reading_id=office.reading("10.1").pk, text="40", version=1, by=district_officer)
    content = filled(fetched(district_officer, office), put("17.1", CODE, 44.5))
    readings.record(reading_id=office.reading("10.1").pk, text="50", version=2, by=district_officer)
    made = applied(sent(content, district_officer), district_officer)
    assert (made.applied, made.unchanged, made.faults) == (1, 1, [])
    assert office.reading("10.1").value == 50


def test_an_untouched_cell_is_passed_over_though_its_value_was_submitted_since(office, district_officer, sent):
    readings.record(reading_id=office.reading("17.1").pk, text="44", version=1, by=district_officer)
    content = filled(fetched(district_officer, office), lambda sheet: None)
    office.put("17.1", 64, State.SUBMITTED, hands=[district_officer, district_officer])
    assert sent(content, district_officer).faults == []


def test_a_touched_cell_is_a_conflict_though_it_had_a_value_before(office, district_officer, sent):
    readings.record(reading_id=office.reading("17.1").pk, text="44", version=1, by=district_officer)
    content = filled(fetched(district_officer, office), put("17.1", CODE, 45))
    readings.record(reading_id=office.reading("17.1").pk, text="50", version=2, by=district_officer)
    made = sent(content, district_officer)
    assert (made.conflicts, made.staged) == (1, [])
    assert "đang là 50, trong tệp là 45" in messages(made)[0]


def test_a_key_of_versions_alone_is_still_read():
    key = table.key_of([{"name": table.KEY_SHEET, "rows": [["ntm-portal", 7.0, "x"], [None, "17.1"], ["18502", 3.0]]}])
    assert key == table.Key(7, {("18502", "17.1"): 3}, {})


@pytest.fixture
def other_round(office) -> Round:
    """A round of the year before, still open, with a folder of the home unit alone."""
    opened = Round.objects.create(
        province=office.round.province, period=ensure_year(2023), criteria_set=office.round.criteria_set,
        due_on=dt.date(2023, 12, 31), opened_at=timezone.now(),
    )  # fmt: skip
    folder = Assessment.objects.create(round=opened, area=office.home)
    for value in Reading.objects.filter(assessment__round=office.round, assessment__area=office.home):
        Reading.objects.create(assessment=folder, input=value.input)
    return opened


def into(opened: Round, content: bytes, by) -> Import:
    made = imports.upload(round_id=opened.pk, name="b.xlsx", chunks=[content], by=by)
    jobs.work_here(made.job)
    made.refresh_from_db()
    return made


def test_a_workbook_is_read_for_its_own_round_whichever_was_chosen(office, other_round, district_officer, applied):
    content = filled(fetched(district_officer, office), put("17.1", CODE, 44.5))
    made = into(other_round, content, district_officer)
    assert (made.state, made.round) == (Import.State.READY, office.round)
    assert made.notices[0] == "Bảng này tải từ đợt Năm 2024 · Bộ tiêu chí thử nghiệm: đọc vào đợt đó."
    assert applied(made, district_officer).applied == 1
    assert str(office.reading("17.1").value) == "44.5000"


def test_a_workbook_of_a_closed_round_is_refused_with_what_to_do(office, other_round, district_officer):
    content = filled(fetched(district_officer, office), put("17.1", CODE, 44.5))
    office.round.closed_on = dt.date(2025, 1, 31)
    office.round.save()
    made = into(other_round, content, district_officer)
    assert (made.state, made.reason) == (Import.State.REFUSED, reading.OTHER_ROUND)
    assert "Tải bảng của đợt đang mở" in made.reason


def test_a_workbook_of_a_round_where_one_fills_nothing_in_is_refused(
    office, other_round, district_officer, other_district_officer
):
    content = forms.workbook(*queries.to_fill(district_officer, round_id=other_round.pk))
    made = into(office.round, content, other_district_officer)
    assert (made.state, made.reason, made.round) == (Import.State.REFUSED, reading.OTHER_ROUND, office.round)

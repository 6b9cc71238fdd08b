"""From the fetched workbook to written values: nothing half, nothing over another's change, nobody else's units."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts import audit, jobs
from accounts.errors import OutOfScope, Refused, WrongState
from accounts.models import Appointment
from communes import epochs
from communes.models import AreaChange
from criteria.actions import imports, readings
from criteria.models import Import, Input, Reading, State, Verdict
from criteria.queries import imports as queries
from criteria.workbooks import faults, forms, reading, storing
from tests.workbooks.conftest import HEADING, messages, table

pytestmark = pytest.mark.django_db
CODE = "18502"


def fetched(user, office, **named) -> bytes:
    return forms.workbook(*queries.to_fill(user, round_id=office.round.pk, **named))


def filled(content: bytes, change) -> bytes:
    """The workbook after an officer changed the first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(heading: str, unit: str, value):
    """A change of the grid: the cell under the code, in the row of the unit."""

    def change(sheet) -> None:
        rows = [row for row in sheet.iter_rows() if row[0].value]
        head = next(row for row in rows if row[0].value == "Mã đơn vị")
        column = next(cell.column for cell in head if cell.value == heading)
        row = next(row[0].row for row in rows if row[0].value == unit)
        sheet.cell(row, column, value)

    return change


def test_a_fetched_workbook_sent_back_untouched_changes_nothing(office, district_officer, sent):
    readings.record(reading_id=office.reading("10.1").pk, text="1.234,5", version=1, by=district_officer)
    readings.record(reading_id=office.reading("17.9").pk, text="không áp dụng", version=1, by=district_officer)
    readings.record(reading_id=office.reading("17.3").pk, text="Đạt", version=1, by=district_officer)
    for named in ({}, {"area_code": CODE}, {"input_code": "10.1"}):
        made = sent(fetched(district_officer, office, **named), district_officer)
        assert (made.state, made.faults, made.staged) == (Import.State.READY, [], [])
    assert made.unchanged == 1


def test_a_value_typed_into_the_workbook_is_written_as_if_typed_on_the_page(office, district_officer, sent, applied):
    content = filled(fetched(district_officer, office), put("17.1", CODE, 44.5))
    before = epochs.current()
    made = applied(sent(content, district_officer, "Báo cáo.xlsx"), district_officer)
    value = office.reading("17.1")
    assert (made.state, made.applied) == (Import.State.APPLIED, 1)
    assert (str(value.value), value.verdict, value.state, value.version) == ("44.5000", Verdict.NOT_MET, State.DRAFT, 2)
    assert (value.origin, value.source, value.entered_by) == ("imported", "Báo cáo.xlsx", district_officer)
    assert value.threshold.value == 45
    (event,) = audit.history_of(value)
    assert event.data == {"before": {"value": "", "state": "draft"}, "after": {"value": "44.5", "state": "draft"}}
    assert event.actor_id == district_officer.pk
    assert epochs.current() == before + 1


def test_a_stale_workbook_is_a_conflict_and_not_an_overwrite(office, district_officer, person, sent):
    content = filled(fetched(district_officer, office), put("17.1", CODE, 44.5))
    readings.record(reading_id=office.reading("17.1").pk, text="50", version=1, by=district_officer)
    made = sent(content, district_officer)
    assert (made.conflicts, made.staged) == (1, [])
    assert messages(made) == [
        "Người khác đã sửa sau khi tải bảng: đang là 50, trong tệp là 44,5. Tải bảng mới rồi nhập lại."
    ]


def test_a_value_changed_after_the_preview_stops_the_whole_table(office, district_officer, sent, applied):
    made = sent(table([[*HEADING, "17.1", "11.1"], [CODE, None, 64, 3]]), district_officer)
    readings.record(reading_id=office.reading("17.1").pk, text="50", version=1, by=district_officer)
    applied(made, district_officer)
    assert (made.state, made.applied) == (Import.State.REFUSED, 0)
    assert "vừa được người khác sửa" in made.reason
    assert office.reading("11.1").value is None
    assert str(office.reading("17.1").value) == "50.0000"


def test_the_locked_cells_hold_codes_and_the_open_ones_a_choice(office, district_officer):
    book = openpyxl.load_workbook(io.BytesIO(fetched(district_officer, office)))
    sheet = book.worksheets[0]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["A7"].protection.locked
    assert not sheet["C7"].protection.locked
    assert any("Đạt" in rule.formula1 for rule in sheet.data_validations.dataValidation)
    assert book.worksheets[-1].sheet_state == "hidden"


def test_the_list_shows_requirement_and_period_before(office, district_officer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(district_officer, office, input_code="17.1")))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[5][:8] == list(forms._LIST_HEAD)
    assert rows[6][2:6] == ["17.1", "Nội dung 17.1", "%", "≥\u00a045%"]


def test_only_units_that_the_person_enters_are_in_the_workbook(office, district_officer, other_district_officer):
    sheet = openpyxl.load_workbook(io.BytesIO(fetched(district_officer, office))).worksheets[0]
    codes = {row[0].value for row in sheet.iter_rows(min_row=7)}
    assert CODE in codes
    assert office.other.code not in codes
    with pytest.raises(OutOfScope):
        fetched(other_district_officer, office, area_code=CODE)


PAYLOADS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_in_a_name_is_text_in_every_workbook(payload, office, district_officer, sent):
    Input.objects.filter(code="17.1", indicator__criterion__criteria_set=office.round.criteria_set).update(name=payload)
    bad = sent(table([[*HEADING, "17.1"], [CODE, None, payload]]), district_officer)
    given_back = faults.workbook(reading.sheets_of(storing.path_of(bad.stored_as), "xlsx"), bad.faults)
    for content in (fetched(district_officer, office), fetched(district_officer, office, area_code=CODE), given_back):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert payload.strip() in " ".join(str(cell.value) for cell in cells)


def test_submitted_values_are_refused_and_the_same_value_is_no_fault(office, district_officer, sent):
    office.put("17.1", 64, State.SUBMITTED, hands=[district_officer, district_officer])
    assert messages(sent(table([[*HEADING, "17.1"], [CODE, None, 65]]), district_officer)) == [
        "Giá trị đã nộp, không sửa được nữa. Cần được trả lại để sửa."
    ]
    assert sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer).unchanged == 1


def test_faults_hold_everything_back_until_the_good_ones_are_asked_for(office, district_officer, sent, applied):
    made = sent(table([[*HEADING, "17.1", "11.1"], [CODE, None, 64, "?"]]), district_officer)
    with pytest.raises(Refused, match="Bảng còn ô không nhận được"):
        imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    assert office.reading("17.1").value is None
    applied(made, district_officer, only_good=True)
    assert office.reading("17.1").value == 64
    assert office.reading("11.1").value is None


def test_inputs_that_stand_for_each_other_are_settled_as_on_the_page(office, district_officer, sent, applied):
    entry = Input.objects.get(code="17.1", indicator__criterion__criteria_set=office.round.criteria_set)
    other = Input.objects.get(code="17.9", indicator__criterion__criteria_set=office.round.criteria_set)
    Input.objects.filter(pk__in=[entry.pk, other.pk]).update(alternative="a", indicator=entry.indicator)
    refused = sent(table([[*HEADING, "17.1", "17.9"], [CODE, None, "KAD", "KAD"]]), district_officer)
    assert messages(refused) == ["Một trong các nội dung thay thế nhau phải áp dụng."] * 2
    applied(sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer), district_officer)
    assert office.reading("17.9").not_applicable


def _merged(office, area, *, is_partial: bool) -> None:
    old = area("18505")
    old.pk, old.code, old.name, old.short_name = None, "18599", "Xã Cũ Kỹ", "Cũ Kỹ"
    old.valid_from, old.valid_to = dt.date(2019, 1, 1), dt.date(2019, 12, 31)
    old.save()
    AreaChange.objects.create(
        old=old, new=office.home, change="merge", effective_on=dt.date(2020, 1, 1), is_partial=is_partial,
        legal_basis="thử nghiệm", confidence="recalled",
    )  # fmt: skip


@pytest.mark.parametrize("cells", [["18599", None], [None, "Xã Cũ Kỹ"], [None, "cu ky"]])
def test_an_old_code_or_name_is_read_as_its_successor_and_said(cells, office, area, district_officer, sent):
    _merged(office, area, is_partial=False)
    made = sent(table([[*HEADING, "17.1"], [*cells, 64]]), district_officer)
    assert made.staged[0][0] == office.reading("17.1").pk
    assert "tên, mã cũ: đọc là Xã Hà Linh (18502)" in made.notices[0]


def test_a_unit_that_was_parted_is_not_guessed_at(office, area, district_officer, sent):
    _merged(office, area, is_partial=True)
    made = sent(table([[*HEADING, "17.1"], ["18599", None, 64]]), district_officer)
    assert messages(made) == ["mã 18599 đã chia, nhập vào đơn vị khác. Ghi một trong: Xã Hà Linh (18502)."]


def test_rights_are_looked_at_again_when_it_is_written(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    found = imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    Appointment.objects.filter(user=district_officer).update(valid_to=dt.date(2020, 1, 2))
    jobs.work_here(found.job)
    made.refresh_from_db()
    assert (made.state, made.reason) == (Import.State.REFUSED, imports.LOST)
    assert office.reading("17.1").value is None


def test_a_round_closed_meanwhile_is_not_written_into(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    found = imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    office.round.closed_on = dt.date(2025, 1, 31)
    office.round.save()
    jobs.work_here(found.job)
    made.refresh_from_db()
    assert made.state == Import.State.REFUSED
    assert office.reading("17.1").value is None


def test_an_import_is_nobody_elses_and_is_written_once(office, district_officer, other_district_officer, sent, applied):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    for act in (lambda by: imports.cancel(import_id=made.pk, by=by), lambda by: queries.find(by, made.pk)):
        with pytest.raises(OutOfScope):
            act(other_district_officer)
    applied(made, district_officer)
    with pytest.raises(WrongState):
        imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    with pytest.raises(WrongState):
        imports.cancel(import_id=made.pk, by=district_officer)
    assert office.reading("17.1").version == 2


def test_pressing_twice_asks_for_one_job(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    first = imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    assert imports.apply(import_id=made.pk, only_good=False, by=district_officer).job_id == first.job_id


def test_a_cancelled_import_is_read_and_written_no_more(office, district_officer):
    made = imports.upload(
        round_id=office.round.pk, name="b.xlsx", by=district_officer,
        chunks=[table([[*HEADING, "17.1"], [CODE, None, 64]])],
    )  # fmt: skip
    imports.cancel(import_id=made.pk, by=district_officer)
    jobs.work_here(made.job)
    made.refresh_from_db()
    assert made.state == Import.State.CANCELLED


def test_a_kill_between_the_two_steps_of_reading_loses_nothing(office, district_officer):
    made = imports.upload(
        round_id=office.round.pk, name="b.xlsx", by=district_officer,
        chunks=[table([[*HEADING, "17.1"], [CODE, None, 64]])],
    )  # fmt: skip
    jobs.work(made.job_id, seconds=0)
    made.refresh_from_db()
    assert (made.state, made.job.done, made.job.total) == (Import.State.READ, 1, 2)
    jobs.work_here(made.job)
    made.refresh_from_db()
    assert (made.state, made.new) == (Import.State.READY, 1)


def test_a_refused_file_leaves_neither_row_nor_file(office, district_officer):
    with pytest.raises(Refused) as refused:
        imports.upload(round_id=office.round.pk, name="b.xlsm", chunks=[b"x"], by=district_officer)
    assert (refused.value.field, Import.objects.count()) == ("file", 0)
    assert list(storing.path_of("x").parent.iterdir()) == []
    with pytest.raises(Refused, match="quá 10 MB"):
        imports.upload(round_id=office.round.pk, name="b.csv", chunks=[b"x" * 2**20] * 11, by=district_officer)
    assert list(storing.path_of("x").parent.iterdir()) == []


@pytest.mark.parametrize("at", [1, 5_000, 10_000])
def test_one_bad_row_of_ten_thousand_holds_all_back_and_is_named(at, office, district_officer, sent):
    rows = [["Mã đơn vị", "Mã nội dung", "Giá trị"]] + [[None, None, None]] * 10_000
    rows[1:] = [[CODE, "17.1", None] for _ in range(10_000)]
    rows[at] = [CODE, "17.1", "sai"]
    rows[(at % 10_000) + 1] = [CODE, "11.1", 3]
    made = sent(table(rows), district_officer)
    assert [fault[1] for fault in made.faults] == [at]
    with pytest.raises(Refused):
        imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    assert not Reading.objects.filter(assessment__round=office.round, value__isnull=False).exists()


def test_every_fault_is_kept_and_the_first_thousand_are_shown(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], *[["99999", None, n] for n in range(1500)]]), district_officer)
    assert (made.refused, len(made.faults), len(queries.shown_faults(made))) == (1500, 1500, 1000)


def _statements(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()
    return len(caught)


def test_checking_and_writing_take_the_same_statements_for_one_value_and_for_many(office, district_officer, sent):
    few = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    one = imports.apply(import_id=few.pk, only_good=False, by=district_officer)
    first = _statements(lambda: jobs.work_here(one.job))
    second = next(a for a in queries.offers(district_officer)[0].areas if a.code != CODE)
    codes = ["2.1", "10.1", "11.1", "17.9"]
    many = sent(table([[*HEADING, *codes], *[[c, None, 50, 50, 3, 95] for c in (CODE, second.code)]]), district_officer)
    assert many.new == 8
    more = imports.apply(import_id=many.pk, only_good=False, by=district_officer)
    assert _statements(lambda: jobs.work_here(more.job)) == first


def test_the_list_of_imports_is_paged_by_key_in_a_constant_number_of_statements(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64]]), district_officer)
    few = _statements(lambda: queries.mine(district_officer))
    for number in range(queries.PAGE + 4):
        made.pk, made.stored_as = None, f"n{number}"
        made.save()
    assert _statements(lambda: queries.mine(district_officer)) == few
    first = queries.mine(district_officer)
    rest = queries.mine(district_officer, after=first.after)
    assert (len(first.imports), len(rest.imports), rest.after) == (queries.PAGE, 5, None)
    assert not {each.pk for each in first.imports} & {each.pk for each in rest.imports}

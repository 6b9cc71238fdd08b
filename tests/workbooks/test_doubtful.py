"""What could be two things is written as neither, also where only the good values are asked for."""

import pytest

from criteria.models import Input, Reading
from tests.workbooks.conftest import HEADING, messages, table

pytestmark = pytest.mark.django_db
HOME, OTHER = "18502", "18499"


@pytest.fixture
def with_two_codes(office):
    """The set has 17.1 and 17.10, as the set of the communes does; a spreadsheet keeps both as the number 17.1."""
    Input.objects.filter(code="17.9", indicator__criterion__criteria_set=office.round.criteria_set).update(code="17.10")
    return office


def written() -> dict[tuple[str, str], int]:
    rows = Reading.objects.filter(origin=Reading.Origin.IMPORTED)
    return {
        (unit, code): int(value)
        for unit, code, value in rows.values_list("assessment__area__code", "input__code", "value")
    }


def test_a_code_that_lost_a_zero_is_asked_about_in_a_list(with_two_codes, district_officer, sent, applied):
    rows = [["Mã đơn vị", "Mã nội dung", "Giá trị"], [HOME, 17.10, 95], [HOME, "10.1", 50]]
    made = sent(table(rows), district_officer)
    assert messages(made) == ["Mã 17.1 hay 17.10? Định dạng ô mã là Văn bản rồi gõ lại mã."]
    applied(made, district_officer, only_good=True)
    assert written() == {(HOME, "10.1"): 50}


def test_a_code_that_lost_a_zero_is_asked_about_in_a_heading(with_two_codes, district_officer, sent, applied):
    made = sent(table([[*HEADING, 17.10, "10.1"], [HOME, None, 95, 50]]), district_officer)
    assert messages(made) == ["Mã 17.1 hay 17.10? Định dạng ô mã là Văn bản rồi gõ lại mã."]
    applied(made, district_officer, only_good=True)
    assert written() == {(HOME, "10.1"): 50}


@pytest.mark.parametrize(
    ("merge", "good"),
    [((1, 2, 2, 2, 64), {(HOME, "10.1"): 50, (OTHER, "10.1"): 51}), ((1, 0, 2, 0, HOME), {})],
    ids=["a value over two units", "a unit over two rows"],
)
def test_nothing_under_a_merge_is_written(merge, good, office, district_officer, sent, applied):
    rows = [[*HEADING, "17.1", "10.1"], [HOME, None, None, 50], [OTHER, None, None, 51]]
    made = sent(table(rows, lambda book, sheet: sheet.merge_range(*merge)), district_officer)
    assert any("Ô gộp" in message for message in messages(made))
    if made.staged:
        applied(made, district_officer, only_good=True)
    assert written() == good


def test_a_hidden_sheet_is_not_read_and_that_is_said(office, district_officer, sent):
    def hide(book, sheet):
        hidden = book.add_worksheet("Bản cũ")
        hidden.write_row(0, 0, [*HEADING, "10.1"])
        hidden.write_row(1, 0, [HOME, "", 99])
        hidden.hide()

    made = sent(table([[*HEADING, "17.1"], [HOME, None, 46]], hide), district_officer)
    assert (made.new, made.faults) == (1, [])
    assert made.notices == ["Trang ẩn “Bản cũ” không được đọc. Bỏ ẩn nếu cần nhập."]


@pytest.mark.parametrize("word", ["Tổng cộng", "CỘNG", "Bình quân"])
def test_a_row_of_sums_is_passed_over_and_that_is_said(word, office, district_officer, sent):
    made = sent(table([[*HEADING, "10.1"], [HOME, None, 46], [None, word, 46]]), district_officer)
    assert (made.new, made.faults) == (1, [])
    assert made.notices == ["Trang “S”: bỏ qua hàng tổng 3."]

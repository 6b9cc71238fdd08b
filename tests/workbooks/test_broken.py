"""Broken and odd tables: each cell is read rightly or refused at its address in Vietnamese; never half."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest

from criteria.models import Import, Reading
from tests.workbooks.conftest import HEADING, messages, table

CODE = "18502"


def _one(code: str, value) -> list[list]:
    return [[*HEADING, code], [CODE, "Xã Hà Linh", value]]


def _percent(book, sheet):
    sheet.write_number(1, 2, 0.955, book.add_format({"num_format": "0.0%"}))


def _percent_of_money(book, sheet):
    sheet.write_number(1, 2, 0.5, book.add_format({"num_format": "0%"}))


def _date(book, sheet):
    sheet.write_datetime(1, 2, dt.date(2024, 4, 5), book.add_format({"num_format": "dd/mm/yyyy"}))


def _formula(cached):
    return lambda book, sheet: sheet.write_formula(1, 2, "=1+1", None, cached)


def _truth(book, sheet):
    sheet.write_boolean(1, 2, True)


# what: (input code, cell, oddity, the value read)
READ_RIGHTLY = {
    "a number": ("17.1", 64.5, None, "64.5"),
    "a whole number": ("17.1", 64, None, "64"),
    "binary noise": ("17.1", 0.1 + 0.2 + 60, None, "60.3"),
    "many decimals of a formula": ("17.1", 200 / 3, None, "66.6667"),
    "three decimals": ("10.1", 46.125, None, "46.125"),
    "thousands as a number": ("10.1", 1234.5, None, "1234.5"),
    "1.234,5 as text": ("10.1", "1.234,5", None, "1234.5"),
    "1 234,5 as text": ("10.1", "1 234,5", None, "1234.5"),
    "95,5 as text": ("17.1", "95,5", None, "95.5"),
    "95,5 % as text": ("17.1", "95,5 %", None, "95.5"),
    "below one per cent as text": ("11.1", "0,95%", None, "0.95"),
    "a cell shown as per cent": ("17.1", None, _percent, "95.5"),
    "nought": ("11.1", 0, None, "0"),
    "Đạt": ("17.3", "Đạt", None, "1"),
    "đạt with spaces": ("17.3", "  đạt ", None, "1"),
    "ĐẠT decomposed": ("17.3", unicodedata.normalize("NFD", "ĐẠT"), None, "1"),
    "dat without marks": ("17.3", "dat", None, "1"),
    "x": ("17.3", "x", None, "1"),
    "1 for yes": ("17.3", 1, None, "1"),
    "Chưa đạt": ("17.3", "chưa đạt", None, "0"),
    "a formula's cached number": ("17.1", None, _formula(64.5), "64.5"),
    "a formula's cached text": ("17.3", None, _formula("Đạt"), "1"),
    "number in text": ("17.1", "64", None, "64"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", READ_RIGHTLY)
def test_what_an_officer_meant_is_read(case, office, district_officer, sent, applied):
    code, cell, oddity, value = READ_RIGHTLY[case]
    made = sent(table(_one(code, cell), oddity), district_officer)
    assert messages(made) == []
    assert (made.state, made.new) == (Import.State.READY, 1)
    assert office.reading(code).value is None
    applied(made, district_officer)
    assert office.reading(code).value == Decimal(value)


# what: (input code, cell, oddity, words of the message)
REFUSED = {
    "1.234: thousand or fraction": ("10.1", "1.234", None, "có hai cách hiểu"),
    "1,234: thousand or fraction": ("10.1", "1,234", None, "có hai cách hiểu"),
    "1,234.5 English": ("10.1", "1,234.5", None, "Không đọc được số"),
    "12.34 English": ("10.1", "12.34", None, "phần lẻ viết sau dấu phẩy"),
    "a date": ("17.1", None, _date, "định dạng ngày (05/04/2024)"),
    "a fraction for per cent": ("17.1", 0.955, None, "gõ 95,5 nếu là 95,5%"),
    "per cent of money": ("10.1", None, _percent_of_money, "không tính bằng phần trăm"),
    "TRUE": ("17.3", None, _truth, "Gõ “Đạt” hoặc “Chưa đạt”"),
    "an error": ("17.1", None, _formula("#DIV/0!"), "công thức chưa tính"),
    "a formula never worked out": ("17.1", None, _formula(""), "công thức chưa tính"),
    "a unit after the number": ("10.1", "46 triệu", None, "không kèm đơn vị tính"),
    "over a hundred per cent": ("17.1", 101, None, "từ 0 đến 100%"),
    "negative": ("10.1", -1, None, "không được âm"),
    "far too large": ("10.1", 1e300, None, "quá dài"),
    "TCVN3 text": ("17.3", "§¹t", None, "phông cũ"),
    "words": ("17.3", "khá", None, "Không hiểu “khá”"),
    "a dash": ("17.1", "-", None, "chưa rõ nghĩa"),
    "must apply": ("17.1", "Không áp dụng", None, "luôn áp dụng"),
    "an essay": ("17.1", "Đang tổng hợp số liệu từ các thôn, sẽ gửi sau", None, "quá dài"),
    "formula payload": ("17.1", "=cmd|'/c calc'!A1", None, "Không đọc được số"),
    "script": ("17.3", "<script>alert(1)</script>", None, "Không hiểu"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_single_meaning_is_refused_at_its_cell(case, office, district_officer, sent):
    code, cell, oddity, words = REFUSED[case]
    made = sent(table(_one(code, cell), oddity), district_officer)
    ((sheet, row, column, message),) = made.faults
    assert words in message
    assert (sheet, row, column) == ("S", 1, 2)
    assert (made.state, made.refused, made.staged) == (Import.State.READY, 1, [])
    assert office.reading(code).version == 1


UNITS_READ = {
    "code as a number": [18502, None],
    "code as text": ["18502", None],
    "code with spaces": [" 18502 ", None],
    "name": [None, "Xã Hà Linh"],
    "name without its kind": [None, "Hà Linh"],
    "name in capitals": [None, "XÃ HÀ LINH"],
    "name decomposed": [None, unicodedata.normalize("NFD", "Xã Hà Linh")],
    "name without marks": [None, "xa ha linh"],
    "name with double spaces": [None, " Xã  Hà   Linh "],
    "name with x.": [None, "X. Hà Linh"],
    "code and name": [18502, "Hà Linh"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", UNITS_READ)
def test_a_unit_is_found_however_it_is_written(case, office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [*UNITS_READ[case], 64]]), district_officer)
    assert messages(made) == []
    assert made.staged[0][0] == office.reading("17.1").pk


UNITS_REFUSED = {
    "unknown code": (["99999", None], "Không có đơn vị mã 99999"),
    "unknown name": ([None, "Xã Không Có"], "Không có đơn vị “Xã Không Có”"),
    "code and name of different units": ([18502, "Hương Trà"], "Mã 18502 là Xã Hà Linh"),
    "no unit": ([None, None], "Hàng thiếu mã và tên"),
    "TCVN3 name": ([None, "X· Hµ Linh"], "phông cũ"),
    "VNI name": ([None, "Xaõ Haø Linh"], "phông cũ"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", UNITS_REFUSED)
def test_a_row_without_a_known_unit_is_refused_once(case, office, district_officer, sent):
    cells, words = UNITS_REFUSED[case]
    made = sent(table([[*HEADING, "17.1", "11.1"], [*cells, 64, 3]]), district_officer)
    (message,) = messages(made)
    assert words in message
    assert (made.refused, made.staged) == (2, [])


@pytest.mark.django_db
def test_a_unit_of_another_district_is_as_unknown_as_one_that_never_was(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [office.other.code, None, 64]]), district_officer)
    (message,) = messages(made)
    assert f"Không có đơn vị mã {office.other.code}" in message
    assert office.other.name not in message


TABLES = {
    "a unit twice": (
        [[*HEADING, "17.1"], [CODE, None, 64], [None, "Hà Linh", 65]],
        None,
        "Giá trị này đã có ở ô C2. Giữ một ô.",
    ),
    "a code twice": ([[*HEADING, "17.1", "17.1"], [CODE, None, 64, 65]], None, "Mã 17.1 đã có ở ô C1"),
    "an unknown code": ([[*HEADING, "17.1", "99.9"], [CODE, None, 64, 65]], None, "Không có mã “99.9”"),
    "merged rows": (
        [[*HEADING, "17.1"], [CODE, None, None], ["18505", None, None]],
        lambda book, sheet: sheet.merge_range(1, 2, 2, 2, 64),
        "Ô gộp C2:C3",
    ),
    "a derived or unknown code in a row": (
        [["Mã đơn vị", "Mã nội dung", "Giá trị"], [CODE, "99.9", 1]],
        None,
        "Không có mã “99.9”",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", TABLES)
def test_a_table_that_says_two_things_is_not_guessed_at(case, office, district_officer, sent):
    rows, oddity, words = TABLES[case]
    made = sent(table(rows, oddity), district_officer)
    assert any(words in message for message in messages(made))


@pytest.mark.django_db
def test_a_value_given_twice_is_in_neither_way_among_the_good_ones(office, district_officer, sent):
    made = sent(table([[*HEADING, "17.1"], [CODE, None, 64], [CODE, None, 65]]), district_officer)
    assert (made.staged, made.refused) == ([], 2)


@pytest.mark.django_db
def test_hidden_rows_are_read_and_said(office, district_officer, sent):
    made = sent(
        table(_one("17.1", 64), lambda book, sheet: sheet.set_row(1, None, None, {"hidden": 1})), district_officer
    )
    assert (made.new, made.notices) == (1, ["Trang “S” có hàng đang ẩn vẫn được đọc: 2."])


@pytest.mark.django_db
def test_a_blank_tail_and_blank_cells_change_nothing(office, district_officer, sent):
    rows = [[*HEADING, "17.1", "11.1"], [CODE, None, None, 3], *[[None, None, " ", None]] * 50]
    made = sent(table(rows), district_officer)
    assert (made.new, made.faults) == (1, [])


@pytest.mark.django_db
def test_a_list_of_unit_code_and_value_is_read_as_well(office, district_officer, sent):
    rows = [
        ["Bảng số liệu"],
        [],
        ["STT", "Tên xã", "Mã chỉ tiêu", "Kết quả"],
        [1, "Hà Linh", 17.1, 64],
        [2, "Hà Linh", "17.3", "x"],
    ]
    made = sent(table(rows), district_officer)
    assert (made.new, made.faults) == (2, [])


@pytest.mark.django_db
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_with_any_separator_and_without_the_quote_before_a_formula(
    separator, office, district_officer, sent
):
    rows = [["Mã đơn vị", "17.3"], [CODE, "'-đạt"]]
    made = sent("\n".join(separator.join(row) for row in rows).encode("utf-8-sig"), district_officer, "bảng.csv")
    (message,) = messages(made)
    assert "“-đạt”" in message


NO_TABLE = {
    "nothing": [[None]],
    "no heading": [["a", "b"], [1, 2]],
    "no codes": [[*HEADING, "Ghi chú"], [CODE, None, "x"]],
    "heading too far down": [*[[None]] * 40, [*HEADING, "17.1"], [CODE, None, 64]],
    "headings only": [[*HEADING, "17.1"]],
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", NO_TABLE)
def test_a_file_without_a_table_is_refused_with_what_a_heading_needs(case, office, district_officer, sent):
    made = sent(table(NO_TABLE[case]), district_officer)
    assert made.state == Import.State.REFUSED
    assert made.reason.startswith(("Không thấy bảng số liệu", "Bảng không có giá trị"))
    assert not Reading.objects.filter(assessment__round=office.round, value__isnull=False).exists()

"""The three files of a document: what they hold, and how they look by Decree 30/2020."""

import io

import pytest
from docx import Document as Word
from python_calamine import load_workbook

from files import storage
from reports.documents.paper import layout

pytestmark = pytest.mark.django_db


def file_of(made, kind: str) -> bytes:
    return storage.path_of(getattr(made, kind).key).read_bytes()


def test_the_word_file_has_the_layout_of_the_decree_and_can_be_edited(make):
    word = Word(io.BytesIO(file_of(make(), "docx")))
    first = word.sections[0]
    assert (first.page_width.mm, first.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    for side, (least, most) in {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}.items():
        assert least - 0.1 <= getattr(first, f"{side}_margin").mm <= most + 0.1
    head = [paragraph for cell in word.tables[0].rows[0].cells for paragraph in cell.paragraphs]
    texts = [paragraph.text for paragraph in head if paragraph.text]
    assert texts[:3] == ["UBND TỈNH HÀ TĨNH", "VĂN PHÒNG ĐIỀU PHỐI NÔNG THÔN MỚI", "Số: 07/BC-VPĐP"]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts
    assert "Hà Tĩnh, ngày 21 tháng 02 năm 2024" in texts
    assert word.styles["Normal"].font.name == "Times New Roman"


def test_each_annex_begins_a_section_of_its_own_with_its_heading_repeated_on_every_page(make):
    made = make()
    word = Word(io.BytesIO(file_of(made, "docx")))
    assert len(word.sections) == 1 + len(made.paper["annexes"])
    annexes = word.tables[2:]
    assert [len(table.rows) - 1 for table in annexes] == [len(annex["rows"]) for annex in made.paper["annexes"]]
    assert all("tblHeader" in table.rows[0]._tr.xml for table in annexes)


def test_the_workbook_holds_numbers_as_numbers(make):
    made = make()
    book = load_workbook(io.BytesIO(file_of(made, "xlsx")))
    rows = book.get_sheet_by_name("Phụ lục I").to_python()
    assert rows[3][2] == 16.0
    assert len(rows) - 3 == len(made.paper["annexes"][0]["rows"])


def test_the_pdf_is_whole_and_carries_its_own_face(make):
    body = file_of(make(), "pdf")
    assert body.startswith(b"%PDF")
    assert b"Tinos" in body
    assert b"%%EOF" in body[-1024:]


def test_a_name_that_looks_like_a_formula_or_markup_stays_words(make):
    made = make(signer='=HYPERLINK("x") <b>#set page()</b> & "Một"', recipients=["=1+1", "#pagebreak()"])
    word = Word(io.BytesIO(file_of(made, "docx")))
    said = [p.text for table in word.tables for cell in table.rows[0].cells for p in cell.paragraphs]
    assert '=HYPERLINK("x") <b>#set page()</b> & "Một"' in said
    book = load_workbook(io.BytesIO(file_of(made, "xlsx")))
    assert all(not str(cell).startswith("=") for row in book.get_sheet_by_index(0).to_python() for cell in row)


def test_measures_stand_within_what_the_decree_allows():
    sizes = layout()["sizes"]
    for name, (least, most) in {
        "body": (13, 14),
        "national_title": (12, 13),
        "motto": (13, 14),
        "type": (13, 14),
    }.items():
        assert least <= sizes[name] <= most

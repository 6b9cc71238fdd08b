"""Biểu 05 to 09 of 2026-2030: filled from the figures, and a cell without a figure says so."""

import datetime as dt
import io

import pytest
from docx import Document as Word
from python_calamine import load_workbook

from communes.models import Area, Classification
from criteria.actions.rounds import open_round
from criteria.models import Attainment, CriteriaSet, Criterion, Round, Verdict
from criteria.queries.rounds import period_of
from files import storage
from reports.documents.report_forms import book
from sponsorship.models import Funding

pytestmark = pytest.mark.django_db

UNKNOWN = book()["words"]["unknown"]
SET = book()["set"]


def open_in(year: int, half: int = 0, slug: str = "urban-civilised") -> Round:
    CriteriaSet.objects.filter(slug=slug).update(allows_rounds=True)
    return open_round(
        province=Area.objects.get(code="42", valid_to=None),
        period=period_of(year, half),
        criteria_set=CriteriaSet.objects.get(slug=slug),
        due_on=dt.date(year, 12, 31),
        by=None,
    )


def form(paper, code: str) -> dict:
    """The annex of that code; `rows` by their name."""
    (found,) = (annex for annex in paper["annexes"] if annex["title"].startswith(code))
    return found


def row(annex: dict, name: str) -> list:
    return next(row for row in annex["rows"] if row[1] == name)


@pytest.fixture
def grouped(db) -> list[Area]:
    """The xã of 2026: three of the first group, two of the third, the others of none."""
    communes = list(Area.objects.as_of(dt.date(2026, 12, 31)).filter(kind="xa").order_by("code"))
    for group, units in (("1", communes[:3]), ("3", communes[3:5])):
        for area in units:
            Classification.objects.create(area=area, scheme="commune_group", value=group)
    return communes


def attain(opened: Round, area: Area, *, failing: list[str]) -> None:
    """Everything of the commune is approved: it fails the criteria of those numbers and meets the others."""
    criteria = Criterion.objects.filter(criteria_set=opened.criteria_set, role=Criterion.Role.CRITERION)
    bits = dict(criteria.values_list("code", "bit"))
    Attainment.objects.filter(assessment__round=opened, assessment__area=area).update(
        failing=sum(1 << bits[code] for code in failing),
        undetermined=0,
        criteria_met=len(bits) - len(failing),
        criteria_failing=len(failing),
        criteria_undetermined=0,
        verdict=Verdict.NOT_MET if failing else Verdict.MET,
    )


def test_the_forms_stand_in_their_years_alone_and_in_place_of_the_free_table(make):
    open_in(2026)
    titles = [annex["title"] for annex in make(year="2026").paper["annexes"]]
    assert [title[:7] for title in titles if title.startswith("Biểu")] == [f"Biểu 0{n}" for n in range(5, 10)]
    assert not any(title.startswith("Kết quả huy động") for title in titles)
    assert not any(annex["title"].startswith("Biểu") for annex in make(year="2023").paper["annexes"])


def test_what_the_portal_does_not_hold_is_said_and_never_made_up(make):
    open_in(2026)
    paper = make(year="2026").paper
    for code in ("Biểu 05", "Biểu 08", "Biểu 09"):
        annex = form(paper, code)
        cells = {cell for row in annex["rows"] for cell in row[2:-1]}
        assert cells <= {UNKNOWN, ""}
        assert all(row[-1] == "chưa có số liệu" for row in annex["rows"] if row[2] == UNKNOWN)
        assert "Cổng chưa có số liệu" in annex["note"]
    assert {cell for row in form(paper, "Biểu 07")["rows"] for cell in row[2:]} == {UNKNOWN}
    programme = form(paper, "Biểu 06")
    assert row(programme, "Tổng số xã thực hiện xây dựng NTM trên địa bàn")[2:5] == [60, 60, UNKNOWN]
    assert row(programme, "Số xã đạt 10 tiêu chí")[2:5] == [UNKNOWN] * 3
    assert "chưa được phân nhóm" in programme["note"]


def test_communes_are_counted_by_group_and_by_criteria(make, grouped):
    opened = open_in(2026, slug=SET)
    attain(opened, grouped[0], failing=[])
    attain(opened, grouped[1], failing=["1", "2"])
    attain(opened, grouped[3], failing=[str(number) for number in range(1, 8)])
    paper = make(year="2026").paper
    criteria = form(paper, "Biểu 05")
    assert [column["group"] for column in criteria["columns"][2:11:3]] == ["Nhóm 1", "Nhóm 2", "Nhóm 3"]
    assert row(criteria, "Quy hoạch")[3::3] == [1, 0, 0]
    assert row(criteria, "Tiếp cận pháp luật và An ninh, Quốc phòng")[3::3] == [2, 0, 1]
    programme = form(paper, "Biểu 06")
    assert row(programme, "Số xã đạt 10 tiêu chí")[3] == 1
    assert row(programme, "Số xã đạt từ 5 - 9 tiêu chí")[3] == 1
    assert row(programme, "Số xã đạt dưới 5 tiêu chí")[3] == 1
    places = [place for place, each in enumerate(programme["rows"]) if each[1].startswith("Tổng số xã")]
    groups = programme["rows"][places[0] + 1 : places[0] + 4]
    assert [each[3] for each in groups] == [3, 0, 2]
    assert f"{len(grouped) - 5} xã chưa được phân nhóm." in programme["note"]
    assert f"{len(grouped) - 3} xã chưa có giá trị phê duyệt." in programme["note"]


def test_funding_stands_in_the_lines_that_somebody_entered(make, grouped):
    open_in(2026)
    open_in(2026, half=1)
    for line, plan, mobilised in (("central", 3_000, 2_000), ("community_cash", 0, 500)):
        Funding.objects.create(
            area=grouped[0], year=2026, line=line, plan=plan * 10**6, mobilised=mobilised * 10**6, disbursed=0
        )
    annex = form(make(year="2026").paper, "Biểu 07")
    assert row(annex, "TỔNG SỐ")[2:] == [3_000, 2_500, UNKNOWN]
    assert row(annex, "NGÂN SÁCH TRUNG ƯƠNG")[2:] == [3_000, 2_000, UNKNOWN]
    assert row(annex, "Vốn đầu tư công")[2:] == [UNKNOWN] * 3
    assert row(annex, "HUY ĐỘNG TỪ CỘNG ĐỒNG VÀ NGƯỜI DÂN")[2:] == [0, 500, UNKNOWN]
    half = form(make("half_year", year="2026-h1").paper, "Biểu 07")
    assert row(half, "TỔNG SỐ")[2:] == [3_000, UNKNOWN, UNKNOWN]
    assert "lũy kế năm 2026 đến lúc lập: 2.500 triệu đồng" in half["note"]


def test_heads_over_several_columns_are_one_cell_in_every_file(make):
    open_in(2026, half=1)
    made = make("half_year", year="2026-h1")
    number = next(n for n, annex in enumerate(made.paper["annexes"]) if annex["title"].startswith("Biểu 05"))
    assert "TH 6 tháng năm 2026" in {column["name"] for column in made.paper["annexes"][number]["columns"]}
    word = Word(io.BytesIO(storage.path_of(made.docx.key).read_bytes()))
    table = word.tables[2 + number]
    assert [cell.text for cell in table.rows[0].cells][2:6] == ["Nhóm 1"] * 3 + ["Nhóm 2"]
    assert [row._tr.xml.count("tblHeader") for row in table.rows[:3]] == [1, 1, 0]
    rows = load_workbook(io.BytesIO(storage.path_of(made.xlsx.key).read_bytes())).get_sheet_by_index(1 + number)
    assert rows.to_python()[2][2:6] == ["Nhóm 1", "", "", "Nhóm 2"]
    assert rows.to_python()[3][3] == "TH 6 tháng năm 2026"
    assert storage.path_of(made.pdf.key).read_bytes().startswith(b"%PDF")


def test_every_form_says_where_it_comes_from_and_how_sure_that_is():
    assert book()["confidence"] == "uncertain"
    assert book()["source"]
    assert [len(form["rows"]) for form in book()["forms"]] == [10, 12, 13, 14, 5]

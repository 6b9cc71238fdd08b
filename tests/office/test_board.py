"""The board of communes × indicators: what is seen is what is counted, and what is exported."""

import csv
import io
import re

import openpyxl
import pytest

from criteria.models import Attainment, Reading, State, Verdict
from reports.queries.board import board
from reports.queries.communes import Filters
from reports.queries.standpoint import find

pytestmark = pytest.mark.django_db


def the_board(**query):
    return board(find(period_code="2023"), Filters(), query)


def test_a_cell_is_the_indicator_of_the_result(failing):
    page = the_board()
    row = next(row for row in page.rows if row.area == failing.assessment.area)
    shown = {cell.indicator.slot for cell in row.cells if cell.fails}
    assert shown == set(row.result.failing_slots) & {column.slot for column in page.columns}
    assert row.short > 0


def test_every_failing_bit_of_every_commune_is_on_the_board():
    page = the_board()
    slots = {column.slot for column in page.columns}
    for row in page.rows:
        assert {cell.indicator.slot for cell in row.cells if cell.fails} == set(row.result.failing_slots) & slots
        opened = {cell.indicator.slot for cell in row.cells if cell.sign in ("nil", "open")}
        assert opened == set(row.result.open_slots) & slots


def test_the_units_that_lack_most_come_first_and_the_order_is_a_link(read):
    short = [row.short for row in the_board().rows]
    assert short == sorted(short, reverse=True)
    fewest = [row.short for row in the_board(xep="it").rows]
    assert fewest == sorted(fewest)
    page = read("/bang/?ky=2023")
    assert "?ky=2023&xep=it" in page.links
    assert "?ky=2023&ket-qua=chua-dat" in page.links


def test_filters_narrow_the_rows(read):
    assert "Bảng 20 xã × 57 chỉ tiêu" in read("/bang/?ky=2023&huyen=444").text
    failing = Attainment.objects.filter(
        verdict=Verdict.NOT_MET,
        assessment__round__period__code="2023",
        assessment__round__criteria_set__slug="commune-ntm-2021-2025",
    )
    assert f"Bảng {failing.count()} xã" in read("/bang/?ky=2023&ket-qua=chua-dat").text


def test_filters_on_results_follow_the_set_that_the_board_shows():
    filters = Filters(result="chua-dat")
    for tier in ("ntm", "advanced"):
        rows = board(find(period_code="2023"), filters, {"bo": tier}).rows
        assert rows
        assert {row.result.verdict for row in rows} == {Verdict.NOT_MET}
    whole = the_board(bo="advanced")
    code = next(cell.indicator.code for row in whole.rows for cell in row.cells if cell.fails)
    narrowed = board(find(period_code="2023"), Filters(indicator=code), {"bo": "advanced"})
    place = [column.code for column in whole.columns].index(code)
    assert len(narrowed.rows) == whole.failing[place]


def test_marks_stand_in_the_cells_and_not_colour_alone(visitor):
    body = visitor.get("/bang/?ky=2023").content.decode()
    assert re.search(r'class="g1( k)?">×', body)
    assert re.search(r'class="na( k)?">–', body)


def test_without_threshold_and_without_value_are_two_marks(lacking):
    one, other = Reading.objects.filter(
        assessment=lacking.assessment, state=State.APPROVED, verdict=Verdict.MET, input__code__in=("1.1", "19.1")
    ).order_by("pk")
    Reading.objects.filter(pk=one.pk).update(verdict=Verdict.UNDETERMINED, threshold=None, value=1)
    Reading.objects.filter(pk=other.pk).update(verdict=Verdict.UNDETERMINED, state=State.DRAFT)
    row = next(row for row in the_board().rows if row.area.pk == lacking.assessment.area_id)
    signs = {cell.indicator.code: cell.sign for cell in row.cells}
    assert (signs["1.1"], signs["19.1"]) == ("open", "nil")


def test_the_export_is_what_is_seen(visitor):
    query = {"ky": "2023", "huyen": "444", "xep": "it"}
    seen = board(find(period_code="2023"), Filters(district="444"), {"xep": "it"})
    text = visitor.get("/bang/xuat/", {**query, "dang": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Mã"] for row in rows] == [row.area.code for row in seen.rows]
    assert [int(row["Thiếu"]) for row in rows] == [row.short for row in seen.rows]
    assert {row["Số liệu minh hoạ"] for row in rows} == {"có"}
    assert sum(value == "CĐ" for row in rows for value in row.values()) == sum(row.short for row in seen.rows)
    book = openpyxl.load_workbook(io.BytesIO(visitor.get("/bang/xuat/", query).content))
    sheet = book.active
    assert [sheet.cell(line, 1).value for line in range(4, 4 + len(rows))] == [row["Mã"] for row in rows]
    assert visitor.get("/bang/xuat/", {**query, "dang": "pdf"}).status_code == 404


def test_the_corner_says_value_threshold_year_before_and_the_median(read, lacking):
    code = lacking.input.indicator.code
    text = read(f"/bang/o/{lacking.assessment.area.code}/{code}/?ky=2023").text
    assert lacking.assessment.area.name in text
    assert "cần" in text
    assert "trung vị huyện" in text or lacking.input.value_type == "boolean"


def test_a_set_without_a_round_is_said_and_not_drawn(read):
    Attainment.objects.filter(assessment__round__criteria_set__tier="model").delete()
    assert "chưa mở đợt đánh giá theo bộ tiêu chí này" in read("/bang/?ky=2023&bo=model").text


def test_after_the_districts_the_board_has_the_new_communes(read, round_2025):
    text = read("/bang/?ky=2025").text
    assert "× 57 chỉ tiêu" in text
    assert "Theo huyện" in text


def test_the_board_costs_the_same_for_one_row_as_for_all(cost):
    every = cost("/bang/?ky=2023")
    assert cost("/bang/?ky=2023&huyen=449") == every
    Reading.objects.filter(state=State.APPROVED, verdict=Verdict.NOT_MET).update(verdict=Verdict.MET)
    assert cost("/bang/?ky=2023") == every <= 15

"""What a document says: the figures of the pages, in the words of the conference's report."""

import pytest

from criteria.models import Period
from reports.documents.paper import blocks_of, digest
from reports.queries.home import home
from reports.queries.standpoint import find

pytestmark = pytest.mark.django_db


CONFERENCE = [
    "có 4 xã được công nhận đạt chuẩn NTM, 10 xã nâng cao, 8 xã kiểu mẫu",
    "có 128 sản phẩm được đánh giá, công nhận đạt chuẩn OCOP",
    "5 sản phẩm đủ điều kiện đề xuất tỉnh đánh giá, nâng hạng lên 4 sao",
    "Lũy kế đến hết kỳ, đã công nhận 337 sản phẩm",
    "6 sản phẩm xuất khẩu sang Angola, Nhật Bản, Hàn Quốc, New Zealand và Nga",
    "Tổng kinh phí huy động đỡ đầu, tài trợ năm 2023 là 95,539\u00a0tỷ đồng",
    "15,739\u00a0tỷ đồng",
    "79,800\u00a0tỷ đồng",
    "đạt 2/10 tiêu chí",
    "Thêm xã đạt chuẩn NTM nâng cao: 20 xã.",
    "Huyện Can Lộc, Huyện Đức Thọ, Huyện Nghi Xuân và Huyện Thạch Hà",
]


def test_the_conferences_paragraph_is_written_from_the_records(make):
    text = "\n".join(block["text"] for block in make().paper["blocks"])
    assert [words for words in CONFERENCE if words not in text] == []


def test_a_figure_that_generated_rows_take_part_in_carries_its_mark_and_the_mark_is_explained(make):
    paper = make().paper
    sums = next(block["text"] for block in paper["blocks"] if "95,539" in block["text"])
    assert sums.endswith("(*).")
    assert any("minh hoạ" in mark for mark in paper["marks"])


def test_an_open_period_says_that_its_figures_are_provisional(make):
    assert any("tạm tính" in mark for mark in make(year="2024").paper["marks"])
    assert not any("tạm tính" in mark for mark in make(year="2023").paper["marks"])


def test_the_annex_of_unmet_indicators_holds_what_the_board_counts(make):
    paper = make(kind="unmet").paper
    listed = [row for annex in paper["annexes"] for row in annex["rows"]]
    counts = home(find(period_code="2023"), None)
    assert len({row[0] for row in listed if row[0]}) >= counts.official.failing
    assert all(row[2] and row[3] for row in listed)


def test_the_tables_of_districts_add_up_to_the_province(make):
    paper = make().paper
    (districts,) = (annex for annex in paper["annexes"] if "cấp huyện" in annex["title"])
    assert sum(row[2] for row in districts["rows"]) == 182
    assert sum(row[3] for row in districts["rows"]) == 181
    (criteria,) = (annex for annex in paper["annexes"] if "từng tiêu chí" in annex["title"])
    assert len(criteria["rows"]) == 19
    assert all(sum(row[2:]) == 182 for row in criteria["rows"])


def test_a_districts_sheet_is_about_that_district_alone(make):
    paper = make(kind="district", code="444").paper
    assert "huyện Hương Khê" in paper["abstract"]
    (communes,) = (annex for annex in paper["annexes"] if annex["title"] == "Các xã")
    assert len(communes["rows"]) == 20


def test_the_content_is_read_as_a_visitor_reads_it(make, province_officer):
    """No value on its way stands in a paper that anybody may verify."""
    period = Period.objects.get(code="2024")
    assert make(year=period.code).paper["blocks"] == make(year=period.code, number="08").paper["blocks"]


def test_the_same_content_has_the_same_hash_and_another_another():
    paper = {"b": [1, 2.5, "chữ"], "a": None}
    assert digest(paper) == digest({"a": None, "b": [1, 2.5, "chữ"]})
    assert digest(paper) != digest({**paper, "a": 0})


def test_lines_of_a_text_become_paragraphs_items_and_headings():
    found = blocks_of("# I. Một\n\n  Đoạn văn.\n- việc\n## 1. Hai\n\n")
    assert [(each["kind"], each["text"]) for each in found] == [
        ("heading", "I. Một"),
        ("paragraph", "Đoạn văn."),
        ("item", "việc"),
        ("heading", "1. Hai"),
    ]


def test_a_report_of_an_open_year_tells_of_that_year_and_never_of_the_closed_one_before(make):
    text = "\n".join(block["text"] for block in make(year="2024").paper["blocks"])
    assert "Năm 2024, có 4 xã được công nhận" not in text
    assert "95,539" not in text

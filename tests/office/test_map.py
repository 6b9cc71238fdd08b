"""The map page: any measure, and the same as a table."""

import re

import pytest

from reports.queries.measures import MEASURES, map_page
from reports.queries.standpoint import find

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("measure", MEASURES)
def test_the_map_and_the_table_show_the_same_units(measure):
    page = map_page(find(period_code="2023"), {"so": measure})
    assert len(page.rows) == 182
    assert sum(units for _, _, units in page.map.key) == len(page.map.marks) == 182
    by_code = {row.unit.area.code: (row.shape, row.said) for row in page.rows}
    assert all(by_code[mark.code][0] == mark.shape for mark in page.map.marks)
    assert all(shape in page.painting.words for shape, _ in by_code.values())


def test_the_steps_of_criteria_are_those_of_the_home():
    page = map_page(find(period_code="2023"), {"so": "tieu-chi"})
    assert [units for _, _, units in page.map.key] == [165, 16, 1]


def test_an_indicator_is_chosen_by_its_code():
    page = map_page(find(period_code="2023"), {"so": "chi-tieu", "chi-tieu": "17.1"})
    assert page.indicator.code == "17.1"
    assert sum(row.shape >= 2 for row in page.rows) == 12
    assert all("điểm %" in row.said for row in page.rows if row.shape >= 2)


def test_after_july_2025_the_units_of_that_day_are_filled():
    page = map_page(find(as_of_text="2025-08-01"), {})
    assert not page.map.marks
    assert len(page.map.outlines) == 69
    assert len(page.rows) == 60


def test_on_a_day_without_outlines_the_table_stands_alone(visitor):
    answer = visitor.get("/ban-do/?nhin-tu=2025-03-01")
    assert answer.status_code == 200
    assert "Chưa có ranh giới" in answer.content.decode()


def test_the_page_says_that_outlines_are_approximate_and_whose_they_are(visitor):
    page = visitor.get("/ban-do/?ky=2023&so=ocop").content.decode()
    assert "ranh giới gần đúng" in page
    assert "giấy phép MIT" in page
    assert re.search(r'aria-label="Bản đồ xã theo số sản phẩm OCOP: [^"]+Bảng cùng số liệu', page)


@pytest.mark.parametrize("query", ["so=khong-co", "so=chi-tieu&chi-tieu=99.9", "ky=2024&so=chi-tieu"])
def test_what_cannot_be_read_shows_the_first_choice(visitor, query):
    assert visitor.get(f"/ban-do/?{query}").status_code == 200


def test_it_costs_the_same_for_any_measure(visitor, django_assert_max_num_queries):
    for measure in MEASURES:
        with django_assert_max_num_queries(18):
            visitor.get(f"/ban-do/?ky=2023&so={measure}")

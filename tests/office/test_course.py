"""Targets with pace and forecast; measures over the years, and what changed and why."""

import datetime as dt

import pytest

from communes.models import Area
from criteria.models import Attainment, Reading, State, Target, Verdict
from reports.queries.changed import changes
from reports.queries.course import courses_of
from reports.queries.standpoint import find
from reports.queries.targets import targets
from reports.queries.trends import trends
from reports.queries.units import territory_on

pytestmark = pytest.mark.django_db


def pursued(as_of: str, measure: str):
    page = targets(find(as_of_text=as_of))
    return next(row for row in page.pursuits if row.target.measure == measure)


def test_the_pace_needed_is_what_is_left_over_the_months_that_are_left():
    row = pursued("2024-06-30", "ntm_advanced_new")
    left = float(row.target.value) - row.promise.done.value
    assert row.needed == pytest.approx(left / (12 - row.months_gone))
    assert row.months_gone == pytest.approx(5.97, abs=0.02)


def test_the_forecast_holds_the_pace_so_far_and_says_nothing_in_the_first_month(read):
    row = pursued("2024-12-01", "ntm_advanced_new")
    assert row.forecast == pytest.approx(row.promise.done.value / row.months_gone * 12)
    assert pursued("2024-01-20", "ntm_advanced_new").forecast is None
    assert "giữ đúng nhịp bình quân từ 01/01 đến ngày nhìn" in read("/muc-tieu/?nhin-tu=2024-06-30").text


def test_a_share_is_not_forecast():
    assert pursued("2024-06-30", "civilised_urban").forecast is None


def test_to_keep_all_communes_is_a_promise_of_its_own(read):
    page = targets(find(period_code="2024"))
    kept = page.kept[0]
    assert kept.promise.target.measure == "ntm_share"
    assert kept.promise.target.measure not in {row.target.measure for row in page.pursuits}
    failing = Attainment.objects.filter(
        verdict=Verdict.NOT_MET,
        assessment__round__period__code="2024",
        assessment__round__criteria_set__slug="commune-ntm-2021-2025",
    )
    assert 0 < kept.failing <= failing.count()
    assert kept.at_risk < 100
    assert "giả định xấu nhất, không phải dự báo" in read("/muc-tieu/?ky=2024").text


def test_a_year_that_is_over_needs_no_pace():
    page = targets(find(period_code="2024"))
    assert all(row.needed is None for row in page.pursuits)
    assert {row.standing for row in page.pursuits} <= {"kept", "over"}


def test_the_plan_of_a_unit_counts_its_own_communes(read):
    district = Area.objects.as_of(dt.date(2024, 12, 31)).get(code="444")
    Target.objects.create(
        area=district, year=2024, measure="ntm_advanced_new", name="Thêm xã nâng cao", value=2, unit="xã"
    )
    unit = next(row for row in targets(find(period_code="2024")).units if row.area == district)
    assert unit.pursuits[0].promise.done.value <= 2
    assert "Huyện Hương Khê" in read("/muc-tieu/?ky=2024").text


def test_a_year_without_a_plan_says_so(read, visitor):
    assert "Chưa ghi kế hoạch năm 2030" in read("/muc-tieu/?nam=2030").text
    assert visitor.get("/muc-tieu/?nam=hai-nghin").status_code == 404


def test_an_open_year_is_told_but_not_drawn_as_a_course():
    page = trends(find(period_code="2024"))
    average = next(row for row in page.series if row.code == "binh-quan")
    assert [year for year, _ in average.values] == ["2023", "2024"]
    assert average.open == {"2024"}
    assert average.chart is None
    held = next(row for row in page.series if row.code == "nang-cao")
    assert [point.name for point in held.chart.points] == ["2019", "2020", "2021", "2022", "2023"]


def test_small_multiples_share_one_scale_with_a_table_beside(read):
    page = read("/dien-bien/?ky=2023&do=nang-cao")
    assert "Xã được công nhận NTM nâng cao, theo huyện" in page.text
    assert "Bảng cùng số liệu" in page.text
    assert page.tags.count("svg") > 13
    assert page.faults == []


def test_what_changed_says_the_value_or_the_threshold_that_moved(read):
    on = find(period_code="2024")
    territory = territory_on(on.province, on.territory_on)[on.territory_on]
    found = changes(on, territory)
    assert found.lost == 3
    assert all("≥ 44 → ≥ 46" in row.why.replace("\u00a0", " ") for row in found.rows)
    assert "mức đạt chuẩn" in read("/dien-bien/?ky=2024").text


def test_a_course_says_its_pace_and_where_the_same_pace_leads(failing, lacking):
    standpoint = find(period_code="2024")
    later = Reading.objects.get(
        assessment__area=failing.assessment.area,
        assessment__round__period__code="2024",
        input=lacking.input,
    )
    step = abs(lacking.threshold.value - lacking.value) / 4
    towards = lacking.value + (step if lacking.threshold.value > lacking.value else -step)
    Reading.objects.filter(pk=later.pk).update(
        value=towards, state=State.APPROVED, verdict=Verdict.NOT_MET, threshold=lacking.threshold
    )

    class Shown:
        entry, threshold = lacking.input, lacking.threshold

    area, criteria_set = failing.assessment.area, failing.assessment.round.criteria_set
    course = courses_of(standpoint, area, criteria_set, [Shown])[lacking.input_id]
    assert [year for year, _ in course.numbers] == ["2023", "2024"]
    assert course.forecast == "Giữ nhịp này, đạt vào năm 2027."
    assert "mỗi năm" in course.pace_words

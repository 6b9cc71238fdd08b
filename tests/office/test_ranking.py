"""Nearest to attain, bottlenecks, and the alarm of those who hold a tier and fail it."""

import datetime as dt

import pytest
from django.utils import timezone

from criteria.models import Attainment, Reading, State, Verdict
from reports.queries.alarms import alarms
from reports.queries.nearest import nearest
from reports.queries.shortfall import gap_of
from reports.queries.standpoint import find
from reports.queries.stuck import stuck
from sponsorship.models import Need

pytestmark = pytest.mark.django_db
_TEN, _HALF = 10, 50.0


def in_2023():
    return find(period_code="2023")


def test_the_nearest_are_those_with_the_fewest_gaps_then_the_smallest():
    rows = nearest(in_2023()).rows
    assert [row.rank for row in rows] == sorted(row.rank for row in rows)
    assert rows[0].short == 1
    assert all(row.result.verdict != Verdict.MET for row in rows)


@pytest.mark.parametrize(
    ("value", "bound", "gap"), [(40, 50, 20.0), (6, 4, _HALF), (0, 1, 100.0), (None, 45, 100.0), (9, 0, 100.0)]
)
def test_a_gap_is_measured_in_per_cent_of_the_threshold(value, bound, gap):
    assert gap_of(value, bound) == gap


def test_the_cheapest_step_is_the_one_whose_asked_money_is_least(failing, lacking, province_officer):
    folder = failing.assessment
    other = folder.readings.filter(verdict=Verdict.MET, input__code="2.1").select_related("input__indicator").get()
    Reading.objects.filter(pk=other.pk).update(verdict=Verdict.NOT_MET)
    for reading, amount in ((lacking, 900_000_000), (other, 100_000_000)):
        Need.objects.create(
            area=folder.area,
            indicator=reading.input.indicator,
            year=2023,
            amount=amount,
            recorded_by=province_officer,
            recorded_at=timezone.now(),
        )
    row = next(row for row in nearest(in_2023()).rows if row.area == folder.area)
    assert row.next.indicator == other.input.indicator
    assert row.missing == 1_000_000_000


def test_money_asked_and_found_stands_beside_the_gaps(read, failing, lacking, province_officer):
    Need.objects.create(
        area=failing.assessment.area,
        indicator=lacking.input.indicator,
        year=2023,
        amount=250_000_000,
        recorded_by=province_officer,
        recorded_at=timezone.now(),
    )
    text = read("/gan-dat/?ky=2023").text
    assert "Còn thiếu (triệu đồng)" in text
    assert "250" in text


def test_an_open_period_ranks_what_is_still_open_and_says_so(read):
    text = read("/gan-dat/?ky=2024").text
    assert "Chưa kết luận" in text
    assert "tạm tính" in text


def test_bottlenecks_count_the_communes_that_fail_and_say_what_changed():
    page = stuck(find(period_code="2024"))
    row = next(row for row in page.rows if row.indicator.code == "10.1")
    assert row.before is not None
    first = stuck(in_2023()).rows[0]
    assert (first.indicator.code, first.failing) == ("17.1", 12)
    assert first.before is None


def test_the_alarm_names_the_limb_of_revocation_that_is_met(read, failing):
    Attainment.objects.filter(pk=failing.pk).update(failing=(1 << _TEN) - 1, criteria_met=9, criteria_failing=_TEN)
    found = alarms(in_2023())
    first = found.communes[0]
    assert first.unit.area == failing.assessment.area
    assert "từ 50%" in first.limbs[0]["text"]
    assert found.revocable == 1
    assert "từ 50% số tiêu chí xã trở lên không đạt" in read("/canh-bao/?ky=2023").text


def test_only_holders_are_in_the_alarm(failing):
    before = {(row.unit.area.pk, row.result.tier) for row in alarms(in_2023()).communes}
    assert (failing.assessment.area_id, "ntm") in before
    failing.assessment.area.recognitions.update(withdrawn_at=timezone.now())
    after = {row.unit.area.pk for row in alarms(in_2023()).communes}
    assert failing.assessment.area_id not in after


def test_a_recognition_of_later_is_no_alarm_for_who_looks_from_before(failing):
    area = failing.assessment.area
    area.recognitions.update(counts_from=dt.date(2024, 6, 1), result_year=2023)
    seen = alarms(find(period_code="2023", as_of_text="2024-02-21")).communes
    assert area.pk not in {row.unit.area.pk for row in seen}


@pytest.mark.parametrize("address", ["/gan-dat/", "/diem-nghen/", "/canh-bao/", "/muc-tieu/", "/dien-bien/"])
def test_a_page_of_the_office_costs_the_same_for_one_and_for_many(cost, lacking, address):
    many = cost(f"{address}?ky=2023")
    failing = Reading.objects.filter(state=State.APPROVED, verdict=Verdict.NOT_MET)
    failing.exclude(pk=lacking.pk).update(verdict=Verdict.MET)
    Attainment.objects.exclude(pk=lacking.assessment_id).update(failing=0, verdict=Verdict.MET, indicators={})
    assert cost(f"{address}?ky=2023") == many
    assert many <= 25


@pytest.mark.parametrize("address", ["/gan-dat/", "/diem-nghen/", "/canh-bao/", "/muc-tieu/", "/dien-bien/", "/bang/"])
def test_every_page_of_the_office_opens_after_the_districts_ended(read, round_2025, address):
    assert read(f"{address}?ky=2025").faults == []

"""Pages of communes, wards and districts: what is attained, what is recognised, and why."""

import datetime as dt

import pytest
from django.utils import timezone

from communes import epochs
from criteria.models import Attainment, Reading, State, Verdict

pytestmark = pytest.mark.django_db

HA_LINH = "/xa/18502/"


def values_of(code: str, year: int, **narrow):
    return Reading.objects.filter(
        assessment__area__code=code,
        assessment__round__period__code=str(year),
        assessment__round__criteria_set__tier="ntm",
        **narrow,
    ).select_related("input__indicator__criterion", "threshold")


def failing_commune() -> Attainment:
    """A xã whose approved values of 2023 fail a criterion."""
    return (
        Attainment.objects.filter(
            verdict=Verdict.NOT_MET,
            assessment__round__period__code="2023",
            assessment__round__criteria_set__tier="ntm",
            assessment__area__level="commune",
            assessment__area__recognitions__tier="ntm",
        )
        .select_related("assessment__area")
        .order_by("pk")
        .first()
    )


def test_a_commune_shows_its_nineteen_criteria(read):
    page = read(f"{HA_LINH}?ky=2023")
    assert {f"tc-{code}" for code in range(1, 20)} <= set(page.ids)
    assert "19 tiêu chí" in page.text
    assert "Huyện Hương Khê" in page.text


def test_what_fails_is_told_with_value_threshold_gap_and_article(read):
    row = failing_commune()
    failing = (
        row.assessment.readings.filter(verdict=Verdict.NOT_MET, state=State.APPROVED, value__isnull=False)
        .exclude(input__value_type="boolean")
        .exclude(threshold=None)
        .first()
    )
    text = read(f"/xa/{row.assessment.area.code}/?ky=2023").text
    assert "Vì sao chưa đạt" in text
    assert failing.threshold.legal_reference in text
    assert "mức đạt chuẩn" in text
    assert ("thiếu" in text) or ("vượt" in text)


def test_recognised_by_decision_and_attained_by_criteria_are_two_facts(read):
    text = read(f"/xa/{failing_commune().assessment.area.code}/?ky=2023").text
    assert "Được công nhận theo quyết định NTM" in text
    assert "chưa đạt NTM" in text
    assert "Đã được công nhận nhưng nay chưa đủ tiêu chí." in text


def test_an_open_period_is_undetermined_and_never_shown_as_failed(read):
    text = read(f"{HA_LINH}?ky=2024").text
    assert "chưa kết luận NTM" in text
    assert "Chưa có số liệu được duyệt" in text


def test_values_on_their_way_are_seen_only_in_their_scope(read, client_of, district_officer, other_district_officer):
    value = values_of("18502", 2024, input__code="17.1").first()
    Reading.objects.filter(pk=value.pk).update(value="71.77", state=State.SUBMITTED)
    address = f"{HA_LINH}?ky=2024"
    assert "71,77%" not in read(address).text
    assert "71,77%" not in read(address, client_of(other_district_officer)).text
    own = read(address, client_of(district_officer)).text
    assert "71,77%" in own
    assert "đã nộp, chưa tính" in own


def test_names_are_read_only_in_scope_and_the_public_reads_roles(read, client_of, district_officer, person):
    author = person("nguoi-nhap")
    value = values_of("18502", 2023, input__code="17.1").first()
    Reading.objects.filter(pk=value.pk).update(
        entered_by=author, entered_at=timezone.now(), approved_by=author, approved_at=timezone.now()
    )
    address = f"{HA_LINH}?ky=2023"
    public = read(address).text
    assert author.display_name not in public
    assert "phê duyệt Văn phòng Điều phối NTM tỉnh" in public
    assert author.display_name in read(address, client_of(district_officer)).text


def test_every_generated_value_carries_the_mark(read):
    page = read(f"{HA_LINH}?ky=2023")
    shown = values_of("18502", 2023, is_illustrative=True)
    assert page.text.count("(số liệu minh hoạ)") >= shown.count()
    assert "Toàn bộ giá trị chỉ tiêu của đơn vị này là số liệu minh hoạ" in page.text


def test_the_other_tiers_are_one_link_away(read):
    page = read(f"{HA_LINH}?ky=2023")
    assert "?ky=2023&bac=advanced" in page.links
    assert "NTM nâng cao" in read(f"{HA_LINH}?ky=2023&bac=advanced").text


def test_a_ward_shows_the_urban_set(read):
    assert "Đô thị văn minh" in read("/xa/18070/?ky=2024").text


def test_a_reused_code_names_the_unit_of_the_day(read, area):
    then, now = area("18100"), area("18100", on=dt.date(2025, 8, 1))
    assert then.name != now.name
    assert f"{then.name} – " in read("/xa/18100/?ky=2023").text
    assert f"{now.name} – " in read("/xa/18100/?nhin-tu=2025-08-01").text


def test_predecessors_and_successors_are_linked_on_their_own_day(read):
    assert "/xa/18502/?nhin-tu=2025-07-01" in read(f"{HA_LINH}?ky=2023").links
    assert "/xa/18502/?nhin-tu=2025-06-30" in read(f"{HA_LINH}?nhin-tu=2025-08-01").links


def test_a_missing_threshold_reads_as_missing_not_as_failed(read):
    value = values_of("18502", 2023, input__code="17.1").first()
    Reading.objects.filter(pk=value.pk).update(threshold=None, verdict=Verdict.UNDETERMINED)
    Reading.objects.filter(input=value.input).update(threshold=None)
    value.input.thresholds.all().delete()
    Attainment.objects.filter(pk=value.assessment_id).update(undetermined=1 << value.input.indicator.criterion.bit)
    assert "chưa có ngưỡng" in read(f"{HA_LINH}?ky=2023").text


def test_a_district_shows_its_conditions_and_its_communes(read):
    page = read("/huyen/444/?ky=2023")
    assert "DK1" in page.text
    assert "19 /20 xã được công nhận NTM (95%)" in page.text
    assert f"{HA_LINH}?ky=2023" in page.links


@pytest.mark.parametrize(
    "address",
    [
        "/xa/99999/",
        "/xa/444/?ky=2023",
        "/huyen/18502/?ky=2023",
        "/huyen/444/?nhin-tu=2025-08-01",
        "/huyen/448/?nhin-tu=2025-02-01",
        "/xa/18502/?ky=2030",
    ],
)
def test_a_unit_that_is_not_there_on_that_day_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404


def test_the_page_of_nothing_is_one_and_the_same(visitor):
    bodies = {visitor.get(address).content for address in ("/xa/99999/", "/khong-co/", "/huyen/1/")}
    assert len(bodies) == 1


def test_a_district_costs_the_same_for_one_commune_as_for_many(cost):
    assert cost("/huyen/437/?ky=2023") == cost("/huyen/449/?ky=2023")


def test_a_commune_costs_the_same_in_every_set(cost):
    costs = {cost(f"{HA_LINH}?ky=2023&bac={tier}") for tier in ("ntm", "advanced")}
    assert len(costs) == 1
    assert max(costs) <= 30


def test_a_recognised_commune_that_misses_half_its_criteria_is_one_to_consider_revoking(read):
    row = failing_commune()
    Attainment.objects.filter(pk=row.pk).update(failing=(1 << 10) - 1, criteria_met=9, criteria_failing=10)
    epochs.bump()
    text = read(f"/xa/{row.assessment.area.code}/?ky=2023&bac=ntm").text
    assert "Thuộc trường hợp xem xét thu hồi: từ 50% số tiêu chí xã trở lên không đạt." in text

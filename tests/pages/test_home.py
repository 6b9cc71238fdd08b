"""The province's home: the figures of the conference, the plan, and what stands in the way."""

import datetime as dt

import pytest

from communes import epochs
from criteria.models import Reading as Value
from criteria.models import Recognition, Round, State, Verdict
from ocop.models import Product

pytestmark = pytest.mark.django_db

CONFERENCE = "2024-02-21"


def test_the_home_opens_on_the_latest_period_with_a_round(read):
    page = read("/")
    assert "năm 2024" in page.text
    assert "Tạm tính kỳ đang mở" in page.text


@pytest.mark.parametrize("address", ["/", "/?ky=2023", f"/?ky=2023&nhin-tu={CONFERENCE}"])
def test_the_home_shows_the_figures_of_the_conference(read, address):
    text = read(address).text
    assert "2 trên 10 tiêu chí" in text
    assert "4 xã công nhận đạt chuẩn NTM" in text
    assert "10 xã công nhận NTM nâng cao" in text
    assert "8 xã công nhận NTM kiểu mẫu" in text
    assert "Lộc Hà" in text
    assert "Huyện Kỳ Anh đã trình UBND tỉnh" in text
    assert "337 sản phẩm, luỹ kế được công nhận" in text
    assert "128 được đánh giá, công nhận trong năm" in text
    assert "5 đề xuất nâng hạng 4 sao" in text
    assert "Xuất khẩu 6 Angola, Nhật Bản, Hàn Quốc, New Zealand, Nga" in text
    assert "15,739 + 79,800 = 95,539 tỷ đồng" in text
    assert "26 tập thể, 35 cá nhân" in text


def test_on_the_day_of_the_conference_only_loc_ha_was_recognised(read):
    assert "1 huyện Lộc Hà đạt chuẩn" in read(f"/?ky=2023&nhin-tu={CONFERENCE}").text
    assert "2 huyện Lộc Hà , Kỳ Anh đạt chuẩn" in read("/?ky=2023").text


def test_a_closed_period_is_official_and_an_open_one_provisional(read):
    assert "Chính thức kỳ đã chốt" in read("/?ky=2023").text
    assert "Chính thức kỳ đã chốt" not in read("/?ky=2024").text


def test_the_plan_of_2024_stands_with_its_progress(read):
    text = read(f"/?ky=2023&nhin-tu={CONFERENCE}").text
    assert "Mục tiêu năm 2024 đến 21/02/2024" in text
    assert "Thêm xã đạt chuẩn NTM nâng cao 0 / 20 xã" in text
    assert "(Can Lộc, Đức Thọ, Nghi Xuân, Thạch Hà)" in text
    assert "/ ≥ 50 sản phẩm" in text


def test_a_share_says_both_denominators_and_the_share_by_criteria(read):
    text = read(f"/?ky=2023&nhin-tu={CONFERENCE}").text
    assert "60/181" in text
    assert "mẫu số 181 (công bố)" in text
    assert "182 theo sổ đơn vị" in text
    assert "theo tiêu chí:" in text


def test_the_ten_pilot_criteria_are_named_as_unverified(read):
    assert read("/").text.count("(tên chưa xác minh)") == 10


def test_every_district_of_the_period_has_its_row(read):
    page = read("/?ky=2023")
    assert "13 huyện, thị xã, thành phố" in page.text
    assert sum(link.startswith("/huyen/") and link.endswith("?ky=2023") for link in page.links) >= 13
    assert "Huyện Kỳ Anh" in page.text
    assert "Thị xã Kỳ Anh" in page.text


def test_generated_figures_are_marked(read):
    page = read("/")
    assert "số liệu minh hoạ" in page.text
    assert page.text.count("(số liệu minh hoạ)") > 3


def test_a_revoked_recognition_leaves_the_home(read):
    granted = Recognition.objects.filter(tier="ntm", result_year=2023, act="granted", area__level="commune").first()
    Recognition.objects.create(
        area=granted.area, tier="ntm", act="revoked", counts_from=dt.date(2024, 1, 31), confidence="verified"
    )
    assert "3 xã công nhận đạt chuẩn NTM" in read("/?ky=2023").text


def test_a_deleted_product_leaves_the_home(read):
    Product.objects.filter(ratings__status="recognised").first().delete()
    assert "336 sản phẩm" in read("/?ky=2023").text


def test_an_unknown_period_is_not_found(visitor):
    assert visitor.get("/?ky=1999").status_code == 404


def test_an_unreadable_date_is_said_beside_its_field_and_changes_nothing(read):
    page = read("/?ky=2023&nhin-tu=hom-nay")
    assert "Ngày phải viết theo dạng 2024-02-21" in page.text
    assert "2 huyện" in page.text


def test_a_portal_without_rounds_still_has_a_home(read):
    Value.objects.all()._raw_delete("default")
    for model in (Round.assessments.rel.related_model, Round):
        model.objects.all().delete()
    text = read("/").text
    assert "chưa mở kỳ nào" in text
    assert "Chưa mở kỳ đánh giá" in text


def test_a_visitor_who_holds_the_page_is_answered_by_one_read(visitor, django_assert_num_queries):
    etag = visitor.get("/")["ETag"]
    with django_assert_num_queries(1):
        assert visitor.get("/", headers={"if-none-match": etag}).status_code == 304
    epochs.bump()
    assert visitor.get("/", headers={"if-none-match": etag}).status_code == 200


def test_a_kept_page_is_never_given_to_a_signed_in_person(visitor, client_of, province_officer):
    visitor.get("/")
    answer = client_of(province_officer).get("/")
    assert province_officer.display_name in answer.content.decode()
    assert "private" in answer["Cache-Control"]


def test_the_home_costs_the_same_for_one_row_as_for_all(cost):
    before = cost("/?ky=2023")
    one = Value.objects.filter(state=State.APPROVED, verdict=Verdict.NOT_MET, assessment__area__level="commune").first()
    kept = Value.objects.filter(assessment__area__level="province").values("pk")
    Value.objects.exclude(pk=one.pk).exclude(pk__in=kept).update(state=State.DRAFT)
    for tier in ("ntm", "advanced", "model"):
        first = Recognition.objects.filter(tier=tier, area__level="commune").values("pk")[:1]
        Recognition.objects.filter(tier=tier).exclude(pk__in=list(first.values_list("pk", flat=True))).delete()
    assert cost("/?ky=2023") == before
    assert before <= 95

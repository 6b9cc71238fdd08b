"""What every page keeps: language, one heading, no inline code, no other host; the menu by permission."""

import pytest
from django.test import RequestFactory

from ntm_portal import errors

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/?ky=2023", "/xa/?ky=2023", "/xa/18502/?ky=2023", "/xa/18070/?ky=2024", "/huyen/444/?ky=2023"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_is_vietnamese_with_one_heading_and_nothing_inline(read, address):
    page = read(address)
    assert page.lang == "vi"
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_officer_reads_the_public_pages_too(read, client_of, district_officer, address):
    page = read(address, client_of(district_officer))
    assert page.faults == []
    assert district_officer.display_name in page.text
    assert "Cán bộ huyện, Huyện Hương Khê" in page.text


def test_the_policy_forbids_inline_code_and_other_hosts(visitor):
    policy = visitor.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_menu_follows_what_a_person_may_do(read, client_of, province_officer, district_officer, administrator):
    assert "Việc của tôi" not in read("/").text
    assert "Ngưỡng" in read("/", client_of(province_officer)).text
    officer = read("/", client_of(district_officer)).text
    assert "Việc của tôi" in officer
    assert "Cán bộ" in read("/", client_of(administrator)).text


def test_the_frame_costs_a_signed_in_person_the_same_however_many_appointments(cost, client_of, person, area):
    one = person("mot-viec", "commune_officer", area=area("18502"))
    many = person("nhieu-viec", "commune_officer", area=area("18502"))
    for code in ("18508", "18526", "18556"):
        many.appointments.create(role="commune_officer", area=area(code), valid_from="2020-01-01")
    assert cost("/xa/?ky=2023", client_of(one)) == cost("/xa/?ky=2023", client_of(many))


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.not_found, 404, "Không tìm thấy trang hoặc bạn không có quyền xem"),
        (errors.forbidden, 403, "Bạn không được làm việc này"),
        (errors.csrf_failed, 403, "Trang đã mở quá lâu"),
        (errors.too_many_attempts, 429, "Thử quá nhiều lần"),
        (errors.unavailable, 503, "Hệ thống đang bảo trì"),
        (errors.server_error, 500, "Hệ thống gặp lỗi"),
    ],
)
def test_an_error_is_said_in_vietnamese_with_a_way_on(view, status, words):
    response = view(RequestFactory().get("/"))
    body = response.content.decode()
    assert response.status_code == status
    assert words in body
    assert 'href="/"' in body
    assert "Traceback" not in body


@pytest.mark.parametrize("address", ["/", "/xa/", "/xa/18502/"])
def test_reading_pages_refuse_writes(visitor, address):
    assert visitor.post(address).status_code == 405

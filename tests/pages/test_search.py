"""One search over everything that has a name, as people type it."""

import re

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from communes.text import search_key
from criteria.models import Decision
from sponsorship.models import Sponsor

pytestmark = pytest.mark.django_db


def address(text: str) -> str:
    return f"/tim/?{urlencode({'q': text})}"


@pytest.mark.parametrize("text", ["Xã Hà Linh", "xa ha linh", "HÀ  LINH", "linh ha", "18502", "Ha\u0300 Linh"])
def test_a_unit_is_found_with_marks_or_without_in_any_order_and_by_code(read, text):
    assert "/xa/18502/?nhin-tu=2025-06-30" in read(address(text)).links


def test_a_name_of_before_a_merger_leads_to_the_unit_of_today(read):
    found = read(address("duc thanh"))  # joined with others in 2020, these again in 2025
    assert re.search(r"đến 31/12/2019|đến \d+/\d+/20\d\d", found.text)
    assert "nay là" in found.text


def test_a_word_is_looked_for_where_syllables_begin(read):
    assert "Phường Thạch Linh" not in read(address("ha linh")).text
    assert "Phường Thạch Linh" in read(address("thach li")).text


def test_d_with_a_bar_is_a_plain_d(read):
    assert read(address("duc tho")).links == read(address("Đức Thọ")).links


@pytest.mark.parametrize("text", ["17.1", "nước sạch", "nuoc sach"])
def test_indicators_are_found_by_code_and_by_name(read, text):
    page = read(address(text))
    assert any(re.fullmatch(r"/bo-tieu-chi/[\w-]+/#ct-[\d.a-z]+", link) for link in page.links)


def test_the_place_that_an_indicator_leads_to_is_there(read):
    link = next(link for link in read(address("17.1")).links if "#ct-17.1" in link)
    page, _, place = link.partition("#")
    assert place in read(page).ids


def test_products_are_found_by_name_and_code_with_a_way_to_all_of_them(read):
    assert "/ocop/san-pham/MH-012/" in read(address("mh-012")).links
    many = read(address("minh hoa"))
    assert "Tất cả sản phẩm khớp" in many.text


def test_whoever_asked_not_to_be_named_is_not_found_by_the_public(read):
    for name, hidden in (("Bà Lê Thị Kín", True), ("Bà Lê Thị Rõ", False)):
        Sponsor.objects.create(name=name, kind="individual", is_anonymous=hidden, search_key=search_key(name))
    text = read(address("le thi")).text
    assert "Bà Lê Thị Rõ" in text
    assert "Kín" not in text


def test_a_decision_is_found_by_its_number_once_the_public_may_read_it(read, province_officer, client_of):
    found = Decision.objects.get(number="525/QĐ-TTg")
    assert f"/quyet-dinh/{found.pk}/" in read(address("525/qd-ttg")).links
    said = {"number": "9999/QĐ-UBND", "issued_on": "2024-05-01", "confidence": "verified"}
    new = Decision.objects.create(**said, recorded_by=province_officer, recorded_at=timezone.now())
    assert f"/quyet-dinh/{new.pk}/" not in read(address("9999")).links
    assert f"/quyet-dinh/{new.pk}/" in read(address("9999"), client_of(province_officer)).links


def test_it_costs_the_same_whatever_is_found(cost):
    assert {cost(address(text)) for text in ("ha linh", "minh hoa", "duc")} <= {6, 7, 8, 9}
    assert cost(address("x")) == cost(address("")) <= 1


@pytest.mark.parametrize(("text", "words"), [("x", "ít nhất hai chữ"), ("khong co ten nay", "Không thấy gì")])
def test_nothing_found_says_what_to_try(read, text, words):
    assert words in read(address(text)).text


@pytest.mark.parametrize("text", ["a" * 5000, "%_%", "<script>", "\x00\x00", "' or 1=1 --", "%%", "__"])
def test_what_no_name_holds_finds_nothing_and_breaks_nothing(read, text):
    page = read(address(text))
    assert page.faults == []
    assert not [link for link in page.links if link.startswith("/xa/1")]

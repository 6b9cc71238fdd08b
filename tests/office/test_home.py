"""The home: few statements, light on a slow link, and every number opens the list that it counts."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from communes.models import ModelResidentialArea
from criteria.models import Attainment, Recognition, Verdict

pytestmark = pytest.mark.django_db
KIB = 1024


def number_of(page, words: str) -> int:
    return int(re.search(words, page.text)[1].replace(".", ""))


def test_the_home_asks_at_most_twenty_five_statements(cost):
    cost("/")  # a fresh connection prepares its statements once
    assert cost("/") <= 25
    assert cost("/?ky=2023&nhin-tu=2024-02-21") == cost("/")


def test_the_first_visit_weighs_at_most_sixty_kibibytes_apart_from_fonts(visitor):
    html = visitor.get("/").content
    named = set(re.findall(r'(?:href|src)="/static/([^"#?]+)', html.decode())) - {"build/fonts.css"}
    files = [Path(settings.BASE_DIR, "static", name).read_bytes() for name in named]
    assert any(name.endswith("reports.css") for name in named)
    assert sum(len(gzip.compress(body)) for body in (html, *files)) <= 60 * KIB


def test_every_kind_of_link_of_the_home_opens(read, get):
    links = {link.partition("#")[0] for link in read("/?ky=2023").links if link.startswith("/")}
    kinds = {re.sub(r"=[^&]+", "=", re.sub(r"/\d+/", "/0/", link)): link for link in sorted(links)}
    opened = {link: get(link).status_code for link in kinds.values() if not link.startswith("/dang-")}
    assert set(opened.values()) == {200}, opened
    assert len(opened) > 20


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (r"(\d+) xã đã công nhận nay chưa đủ tiêu chí", "/xa/?ky=2023&canh-bao=1"),
        (r"19/19 tiêu chí (\d+)", "/xa/?ky=2023&tc=19-19"),
        (r"Phường đạt chuẩn đô thị văn minh (\d+)", "/xa/?ky=2023&loai=phuong&bac=urban-civilised"),
    ],
)
def test_a_number_is_the_length_of_the_list_that_it_opens(read, words, address):
    home = read("/?ky=2023")
    assert address in home.links
    assert number_of(read(address), r"(\d+) (?:đơn vị khớp|xã)") == number_of(home, words)


@pytest.mark.parametrize(
    ("measure", "address"),
    [
        ("Thêm xã đạt chuẩn NTM nâng cao", "/xa/?ky=2023&bac=advanced&nam-cong-nhan=2024"),
        ("Thêm xã đạt chuẩn NTM kiểu mẫu", "/xa/?ky=2023&bac=model&nam-cong-nhan=2024"),
    ],
)
def test_progress_of_the_plan_opens_what_it_counts(read, measure, address):
    home = read("/?ky=2023")
    assert address in home.links
    assert number_of(read(address), r"(\d+) đơn vị khớp") == number_of(home, rf"{measure} (\d+)")


def test_a_condition_says_now_plan_threshold_missing_course_and_what_blocks(read):
    page = read("/?ky=2023")
    assert "Huyện đạt chuẩn nông thôn mới" in page.text
    assert "2024: thêm 20 xã" in page.text
    assert "≥ 40%" in page.text
    assert "thiếu 2 đơn vị" in page.text
    assert "Huyện Hương Khê" in page.text
    assert "2019–2023" in page.text
    assert "/vi-sao/42/4/?ky=2023&bac=completed" in page.links


def test_the_bar_says_when_and_from_which_run_the_figures_are(read):
    assert re.search(r"Tính lúc \d\d/\d\d/\d{4} \d\d:\d\d · lần tính \d+ · mốc dữ liệu \d+", read("/?ky=2023").text)


def test_model_residential_areas_are_counted_from_the_books_and_listed_without_names(read, area, district_officer):
    assert "Khu dân cư NTM kiểu mẫu sổ chưa ghi" in read("/?ky=2023").text
    ModelResidentialArea.objects.create(
        commune=area("18502"),
        name="Thôn Có Tên Riêng",
        name_key="thon",
        sort_key="thon",
        year=2022,
        written_by=district_officer,
        written_at="2024-01-01T00:00:00Z",
    )
    cache.clear()
    assert "Khu dân cư NTM kiểu mẫu 1" in read("/?ky=2023").text
    listed = read("/khu-dan-cu/?ky=2023").text
    assert "Xã Hà Linh" in listed
    assert "Thôn Có Tên Riêng" not in listed


def test_a_future_date_is_refused_in_words_and_nothing_is_invented(read):
    page = read("/?ky=2023&nhin-tu=2199-01-01")
    assert "Ngày 01/01/2199 chưa tới." in page.text
    assert "2 trên 10 tiêu chí" in page.text


def test_a_period_without_data_says_so_and_names_those_that_have(visitor):
    answer = visitor.get("/?ky=1999")
    assert answer.status_code == 404
    body = answer.content.decode()
    assert "Kỳ “1999” không có số liệu" in body
    assert 'href="/?ky=2023"' in body


@pytest.mark.parametrize("address", ["/huyen/444/?nhin-tu=2025-08-01", "/vi-sao/444/?nhin-tu=2025-08-01"])
def test_a_unit_that_had_ended_is_named_with_its_days(visitor, address):
    answer = visitor.get(address)
    assert answer.status_code == 404
    body = answer.content.decode()
    assert "Huyện Hương Khê" in body
    assert "đến hết 30/06/2025" in body
    assert "/huyen/444/?nhin-tu=2025-06-30" in body


def test_the_home_reads_the_same_holders_as_the_conditions_of_recognition(read):
    held = Recognition.objects.filter(tier="model", area__level="commune", result_year__lte=2023)
    assert f"{held.count()} NTM kiểu mẫu" in read("/?ky=2023").text


def test_bottlenecks_are_the_failing_bits_of_the_results(read):
    rows = Attainment.objects.filter(
        assessment__round__period__code="2023", assessment__round__criteria_set__slug="commune-ntm-2021-2025"
    )
    assert rows.filter(verdict=Verdict.NOT_MET).exists()
    assert "17.1 Tỷ lệ hộ được sử dụng nước sạch theo quy chuẩn 12 xã" in read("/?ky=2023").text

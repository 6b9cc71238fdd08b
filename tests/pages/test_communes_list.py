"""The list that the numbers of the pages open."""

import re

import pytest

pytestmark = pytest.mark.django_db


def rows(page) -> int:
    """Rows of the list: each links to its unit once."""
    return sum(bool(re.match(r"/xa/\d+/", link)) for link in page.links)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("ky=2023", 182),
        ("ky=2023&loai=tat-ca", 216),
        ("ky=2023&loai=phuong", 21),
        ("ky=2023&loai=thi-tran", 13),
        ("ky=2023&bac=ntm", 181),
        ("ky=2023&bac=ntm&nhin-tu=2024-02-21", 181),
        ("ky=2023&bac=advanced&nhin-tu=2024-02-21", 60),
        ("ky=2023&bac=model&nhin-tu=2024-02-21", 15),
        ("ky=2023&bac=chua", 1),
        ("ky=2023&bac=ntm&nam-cong-nhan=2023", 4),
        ("ky=2023&bac=advanced&nam-cong-nhan=2023", 10),
        ("ky=2023&bac=model&nam-cong-nhan=2023", 8),
        ("ky=2023&huyen=444", 20),
        ("ky=2023&tim=ha+linh", 1),
        ("ky=2023&tim=khong-co-ten-nay", 0),
        ("ky=2023&ket-qua=khong-hieu", 0),
        ("ky=2023&tc=abc", 0),
        ("nhin-tu=2025-08-01", 60),
        ("nhin-tu=2025-08-01&loai=tat-ca", 69),
    ],
)
def test_a_filter_leaves_exactly_what_it_names(read, query, count):
    assert rows(read(f"/xa/?{query}")) == count


def test_results_split_the_list_without_remainder(read):
    counts = [rows(read(f"/xa/?ky=2023&ket-qua={word}")) for word in ("dat", "chua-dat", "chua-ket-luan")]
    assert sum(counts) == 182
    assert counts[1] > 0


def test_the_alarm_of_the_home_opens_the_units_it_counts(read):
    home = read("/?ky=2023").text
    counted = int(re.search(r"(\d+) xã đã công nhận nay chưa đủ tiêu chí", home).group(1))
    assert rows(read("/xa/?ky=2023&canh-bao=1")) == counted > 0


def test_a_bottleneck_of_the_home_opens_the_units_it_counts(read):
    home = read("/?ky=2023").text
    counted = int(re.search(r"17\.1 Tỷ lệ hộ được sử dụng nước sạch theo quy chuẩn (\d+) xã", home).group(1))
    assert rows(read("/xa/?ky=2023&chi-tieu=17.1")) == counted > 0


def test_every_number_of_the_list_is_the_homes_band(read):
    home = read("/?ky=2023").text
    counted = int(re.search(r"19/19 tiêu chí (\d+)", home).group(1))
    assert rows(read("/xa/?ky=2023&tc=19-19")) == counted


def test_the_list_costs_the_same_for_one_row_as_for_all(cost):
    assert cost("/xa/?ky=2023") == cost("/xa/?ky=2023&tim=ha+linh") <= 20

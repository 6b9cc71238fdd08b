"""The year at a glance: its total, its splits, closing and reopening."""

import datetime as dt

import pytest

from sponsorship.actions import ledger
from tests.money.conftest import post

pytestmark = pytest.mark.django_db


def test_the_year_reads_as_the_report_wrote_it(read):
    page = read("/do-dau/?nam=2023")
    assert "15,739" in page.text
    assert "79,800" in page.text
    assert "95,539" in page.text
    assert "cộng lại 95.539.000.000 đ , lệch 0 đ" in page.text
    assert "Khớp tổng" in page.text
    assert "số liệu minh hoạ" in page.text


@pytest.mark.parametrize("split", ["kenh", "loai", "nguon", "huyen", "noi-nhan", "tieu-chi", "nha-tai-tro"])
def test_every_split_ends_in_the_same_total(read, split):
    assert "95,539 tỷ đồng" in read(f"/do-dau/tong-hop/{split}/?nam=2023").text
    assert "95.539.000.000 đ" in read(f"/do-dau/tong-hop/{split}/?nam=2023").text


@pytest.mark.parametrize("address", ["/do-dau/?nam=abc", "/do-dau/so/999999999/", "/do-dau/tong-hop/khac/?nam=2023"])
def test_what_is_not_there_is_absent(visitor, address):
    assert visitor.get(address).status_code == 404


def test_a_year_is_closed_and_reopened_by_the_province(client_of, received, province_officer, district_officer, read):
    first = received()
    assert post(client_of(district_officer), "close", {}, 2024).status_code == 404
    client = client_of(province_officer)
    assert post(client, "close", {}, 2024).status_code == 303
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    text = read("/do-dau/?nam=2024").text
    assert "Tổng đã công bố khi chốt: 1.500.000 đ" in text
    assert "chênh −1.500.000 đ" in text
    post(client, "reopen", {"reason": ""}, 2024)
    assert "Tổng đã công bố" in read("/do-dau/?nam=2024").text
    assert post(client, "reopen", {"reason": "Thiếu"}, 2024).status_code == 303
    assert "Tổng đã công bố" not in read("/do-dau/?nam=2024").text

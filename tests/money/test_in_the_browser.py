"""Sponsorship in Chromium: a contribution written by keyboard, phone width, without JavaScript, accessibility."""

import pytest
from playwright.sync_api import expect

from tests.services.browser import PHONE, assert_accessible, follow

pytestmark = pytest.mark.e2e
PAGES = (
    "/do-dau/?nam=2023",
    "/do-dau/so/",
    "/do-dau/nha-tai-tro/",
    "/do-dau/thieu-von/",
    "/do-dau/nguon-von/",
    "/do-dau/so/ghi/",
    "/do-dau/so/nhap/",
    "/do-dau/tong-hop/huyen/?nam=2023",
)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(signed_in_page, size):
    page = signed_in_page("huyen-huongkhe", **({"size": size} if size else {}))
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_a_contribution_is_written_without_javascript_and_what_was_typed_stays(signed_in_page):
    page = signed_in_page("huyen-huongkhe", javascript=False)
    page.goto("/do-dau/so/ghi/")
    page.get_by_label("Ngày nhận").fill("20/05/2024")
    page.get_by_label("Nhà tài trợ").fill("Nhà tài trợ minh hoạ 01")
    page.get_by_label("Nơi nhận").fill("Xã Hà Linh")
    page.get_by_label("Kênh").select_option("called")
    page.get_by_label("Số tiền (đồng)").fill("15,5")
    page.get_by_role("button", name="Ghi khoản").press("Enter")
    expect(page.locator("#id_amount_error")).to_contain_text("đồng chẵn")
    expect(page.get_by_label("Nơi nhận")).to_have_value("Xã Hà Linh")
    page.get_by_label("Số tiền (đồng)").fill("15.000.000")
    page.get_by_role("button", name="Ghi khoản").press("Enter")
    expect(page.locator("h1")).to_contain_text("15.000.000")
    page.get_by_role("link", name="Biên nhận").click()
    expect(page.locator("h1")).to_have_text("Biên nhận")


def write(page, day, amount):
    """Write money for Hà Linh and be on its page."""
    page.goto("/do-dau/so/ghi/")
    page.get_by_label("Ngày nhận").fill(day)
    page.get_by_label("Nhà tài trợ").fill("Nhà tài trợ minh hoạ 01")
    page.get_by_label("Nơi nhận").fill("Xã Hà Linh")
    page.get_by_label("Kênh").select_option("called")
    page.get_by_label("Số tiền (đồng)").fill(amount)
    page.get_by_role("button", name="Ghi khoản").press("Enter")
    expect(page.locator("h1")).to_contain_text(amount)


def test_a_written_contribution_and_its_receipt_are_accessible(signed_in_page):
    page = signed_in_page("huyen-huongkhe")
    write(page, "21/05/2024", "16.000.000")
    assert_accessible(page)
    page.get_by_role("link", name="Biên nhận").click()
    expect(page.locator("h1")).to_have_text("Biên nhận")
    assert_accessible(page)


def test_a_wrong_contribution_is_cancelled_and_written_again(signed_in_page):
    page = signed_in_page("huyen-huongkhe")
    write(page, "22/05/2024", "17.000.000")
    page.get_by_text("Ghi sai khoản này").press("Enter")
    page.get_by_label("Ghi sai chỗ nào").fill("Ghi thừa một số không")
    page.get_by_role("button", name="Huỷ khoản này").press("Enter")
    follow(page.get_by_role("link", name="Ghi lại cho đúng"))
    expect(page.get_by_label("Số tiền (đồng)")).to_have_value("17.000.000")
    assert_accessible(page)
    page.get_by_label("Số tiền (đồng)").fill("1.700.000")
    page.get_by_role("button", name="Ghi khoản").press("Enter")
    expect(page.locator("h1")).to_contain_text("1.700.000")
    expect(page.get_by_text("Khoản này thay khoản đã huỷ")).to_be_visible()

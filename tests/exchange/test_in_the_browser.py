"""The pages of webhooks in Chromium: accessible, narrow, and one webhook from its making to its end by keyboard."""

import pytest

from tests.services.browser import PHONE, assert_accessible_in_both_schemes, follow

pytestmark = pytest.mark.e2e


def _is_well_made(page) -> None:
    assert_accessible_in_both_schemes(page)
    size = page.viewport_size
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    page.set_viewport_size(size)


def test_a_webhook_is_made_read_stopped_and_removed(signed_in_page):
    page = signed_in_page("quantri")
    page.goto("/ket-noi/them/")
    page.get_by_label("Hệ thống nhận").fill("LGSP thử nghiệm")
    page.get_by_label("Địa chỉ nhận").fill("https://10.0.0.8/nhan")
    page.get_by_label("công nhận", exact=True).press("Space")
    follow(page.get_by_role("button", name="Thêm webhook"))
    assert page.get_by_text("mạng nội bộ").is_visible()
    assert page.get_by_label("công nhận", exact=True).is_checked()
    _is_well_made(page)
    page.get_by_label("Địa chỉ nhận").fill("https://lgsp.mae.gov.vn/nhan/thay-doi-so-lieu-nong-thon-moi/ha-tinh")
    with page.expect_navigation():
        page.get_by_label("Địa chỉ nhận").press("Enter")
    assert page.get_by_text("whsec_").is_visible()
    _is_well_made(page)
    follow(page.get_by_role("link", name="Xem webhook"))
    _is_well_made(page)
    follow(page.get_by_role("button", name="Dừng gửi"))
    assert page.get_by_role("button", name="Gửi tiếp").is_visible()
    page.goto("/ket-noi/")
    _is_well_made(page)
    follow(page.get_by_role("link", name="LGSP thử nghiệm").first)
    page.get_by_text("Mã bí mật, xoá").click()
    follow(page.get_by_role("button", name="Xoá webhook"))
    assert page.get_by_text("Đã xoá webhook.").is_visible()

"""A token made and copied in Chromium."""

import re

from playwright.sync_api import expect

from tests.services.browser import assert_accessible_in_both_schemes, follow


def test_a_token_is_made_shown_and_copied(signed_in_page, portal):
    page = signed_in_page("huyen-huongkhe")
    page.goto("/ma-truy-cap/moi/")
    page.get_by_label("Dùng cho việc gì").fill("Bảng trong trình duyệt")
    page.get_by_label("Chỉ trong đơn vị").fill("Hà Linh")
    page.get_by_label("Mật khẩu của bạn").fill(portal.password)
    follow(page.get_by_role("button", name="Tạo mã"))
    expect(page.get_by_label("Mã của bạn")).to_have_value(re.compile("^ntm_.{40,}$"))
    page.get_by_role("button", name="Sao chép").click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    assert_accessible_in_both_schemes(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

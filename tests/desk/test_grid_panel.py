"""The panel beside the grid in Chromium: by keyboard, following the cell, over a phone's sheet, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.desk.test_grid_in_the_browser import field, number_row, ready
from tests.desk.test_in_the_browser import OFFICER, open_sheet
from tests.evidence.documents import PDF
from tests.services.browser import PHONE, assert_accessible, sign_in

WIDE, TABLET = (1440, 900), (1024, 768)
UNIT = "Xã Hương Đô"


def panel(page: Page):
    return page.locator("#beside")


def shows(page: Page, row) -> None:
    """The panel is that of `row`."""
    expect(panel(page).locator("[data-panel]")).to_have_attribute("data-reading", row.get_attribute("data-row"))


def holds_focus(locator) -> bool:
    return locator.evaluate("one => one.contains(document.activeElement)")


def test_the_panel_opens_with_ctrl_enter_follows_the_cell_and_gives_the_keyboard_back(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    first, second = number_row(page, 1), number_row(page, 2)
    expect(panel(page)).to_be_hidden()
    field(first).focus()
    page.keyboard.press("Control+Enter")
    shows(page, first)
    expect(field(first), "It opens beside the cell, not over it.").to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    shows(page, second)
    page.keyboard.press("Control+Enter")
    assert holds_focus(panel(page))
    page.keyboard.press("Control+Enter")
    expect(field(second)).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(field(second)).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_esc_takes_back_what_was_typed_before_it_closes_the_panel(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    row = number_row(page, 3)
    before = field(row).input_value()
    field(row).focus()
    page.keyboard.press("Control+Enter")
    shows(page, row)
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(field(row)).to_have_value(before)
    expect(panel(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


def test_a_remark_said_in_the_panel_marks_its_row_and_an_unsent_one_comes_back_with_its_cell(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    first, second = number_row(page, 4), number_row(page, 5)
    first.locator("[data-marks]").click()
    shows(page, first)
    page.locator("#pn-text").fill("Đề nghị xem lại số này")
    page.locator("#pn-text").press("Control+Enter")
    expect(panel(page).locator(".talk")).to_contain_text("Đề nghị xem lại số này")
    expect(first.locator("[data-m=open]")).to_be_visible()
    page.locator("#pn-text").fill("Đang gõ dở")
    field(second).click()
    shows(page, second)
    expect(page.locator("#pn-text")).to_have_value("")
    field(first).click()
    expect(page.locator("#pn-text")).to_have_value("Đang gõ dở")
    page.locator("#pn-text").fill("")
    page.reload()
    expect(first.locator("[data-m=open]")).to_be_visible()


def test_a_file_added_in_the_panel_is_counted_in_its_row_even_after_the_keyboard_moved_on(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    first, second = number_row(page, 6), number_row(page, 7)
    first.locator("[data-marks]").click()
    shows(page, first)
    page.route("**/minh-chung/", lambda route: route.abort())
    page.locator("#pn-files").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(first.locator("[data-m=lost]")).to_be_visible()
    page.unroute("**/minh-chung/")
    field(second).click()
    shows(page, second)
    field(first).click()
    shows(page, first)
    panel(page).get_by_role("button", name="Thử lại").click()
    expect(first.locator("[data-m=files]")).to_contain_text("1")
    expect(first.locator("[data-m=lost]")).to_be_hidden()
    page.reload()
    expect(first.locator("[data-m=files]")).to_contain_text("1")


def test_a_saved_value_shows_in_its_panel(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    row = number_row(page, 8)
    field(row).focus()
    page.keyboard.press("Control+Enter")
    shows(page, row)
    field(row).fill("71,5")
    field(row).press("Tab")
    field(row).focus()
    expect(panel(page).locator(".pn-v")).to_contain_text("71,5")
    expect(panel(page).locator(".past")).to_contain_text("71,5")


def test_a_panel_that_cannot_be_had_says_why_and_the_sheet_goes_on(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=WIDE), UNIT)
    row, following = number_row(page, 9), number_row(page, 10)
    page.route("**/gia-tri/**", lambda route: route.abort())
    field(row).focus()
    page.keyboard.press("Control+Enter")
    expect(panel(page).get_by_role("alert")).to_contain_text("Mất mạng")
    page.unroute("**/gia-tri/**")
    page.route("**/gia-tri/**", lambda route: route.fulfill(status=404))
    field(following).focus()
    expect(panel(page).get_by_role("alert")).to_contain_text("không còn trong phạm vi của bạn")
    page.unroute("**/gia-tri/**")
    field(row).focus()
    shows(page, row)
    expect(panel(page).locator("[data-failed]")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, TABLET])
def test_where_there_is_no_room_beside_the_panel_lies_over_the_sheet_and_holds_the_keyboard(signed_in_page, size):
    page = ready(signed_in_page(OFFICER, size=size), UNIT)
    row = number_row(page, 2)
    field(row).focus()
    page.keyboard.press("Control+Enter")
    shows(page, row)
    expect(panel(page).locator("h2").first).to_be_focused()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(field(row)).to_be_focused()


def test_the_bar_of_a_phone_opens_evidence_and_thread_of_the_current_cell(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=PHONE), UNIT)
    row = number_row(page, 2)
    bar = page.locator(".statbar")
    expect(bar.get_by_role("link", name="Kiểm tra và trình")).to_be_visible()
    expect(bar.get_by_text("Minh chứng")).to_be_hidden()
    field(row).click()
    for words, heading in (("Minh chứng", "Minh chứng"), ("Trao đổi", "Trao đổi")):
        button = bar.get_by_role("button", name=f"{words} {row.get_attribute('data-code')}")
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
        button.click()
        shows(page, row)
        expect(panel(page).locator("section", has=page.get_by_role("heading", name=heading))).to_be_focused()
        panel(page).get_by_role("button", name="Ẩn").click()
        expect(field(row)).to_be_focused()
    assert_accessible(page)
    expect(page.get_by_role("link", name="Kiểm tra và trình").first).to_be_visible()


def test_without_javascript_every_row_has_a_link_to_its_panel(open_page, portal):
    page = open_page(portal.address, javascript=False)
    sign_in(page, OFFICER, portal.password)
    open_sheet(page, UNIT)
    links = page.locator("a[data-marks]")
    assert links.count() == page.locator("tr[data-row]").count()
    links.first.press("Enter")
    page.wait_for_url(re.compile(r"/gia-tri/\d+/$"))
    expect(page.get_by_role("heading", name="Minh chứng")).to_be_visible()


def test_the_sheet_of_one_input_has_the_panel_of_each_unit(signed_in_page):
    page = signed_in_page(OFFICER, size=WIDE)
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Nhập theo chỉ tiêu").first.click()
    page.wait_for_selector("[data-ready]")
    row = page.locator("tr[data-row]").nth(1)
    row.locator("[data-marks]").click()
    shows(page, row)
    expect(panel(page)).to_contain_text(row.get_attribute("data-name"))
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

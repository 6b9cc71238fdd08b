"""Criteria of a sheet that are shut, in Chromium: by keyboard, remembered, saying what they hide."""

from playwright.sync_api import Page, expect

from tests.desk.test_grid_in_the_browser import field, ready
from tests.desk.test_in_the_browser import OFFICER
from tests.services.browser import PHONE, assert_accessible

UNIT = "Xã Hương Long"


def group_of(page: Page, name: str):
    return page.locator("tbody[data-group]", has=page.locator(".grp", has_text=name))


def test_a_criterion_is_shut_by_keyboard_stays_shut_and_says_what_it_hides(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    group = group_of(page, "2. Giao thông")
    rows = group.locator("tr[data-row]")
    field(rows.nth(0)).fill("1")
    field(rows.nth(1)).fill("")
    field(rows.nth(1)).press("Tab")
    expect(rows.nth(1).locator(".stt")).to_contain_text("Chưa nhập")
    field(rows.nth(2)).fill("842")
    field(rows.nth(2)).press("Tab")
    expect(rows.nth(2).locator(".stt")).to_contain_text("Chưa lưu")
    button = group.get_by_role("button", name="2. Giao thông")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(rows.nth(0)).to_be_hidden()
    for words in ("1 chưa nhập", "1 chưa đạt", "1 chưa lưu được"):
        expect(group.locator("[data-count]")).to_contain_text(words)
    assert_accessible(page)
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(rows.nth(0)).to_be_hidden()
    expect(group.locator("[data-count]")).to_contain_text("1 chưa nhập")
    button.press("Space")
    expect(rows.nth(0)).to_be_visible()
    expect(group.locator("[data-count]")).not_to_contain_text("chưa đạt")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(rows.nth(0)).to_be_visible()


def test_the_keys_pass_over_a_shut_criterion_and_what_is_gone_to_is_opened(signed_in_page):
    page = ready(signed_in_page(OFFICER, size=PHONE), UNIT)
    first, second = group_of(page, "2. Giao thông"), group_of(page, "3. Thủy lợi")
    last = first.locator("tr[data-row]").last
    second.get_by_role("button").first.click()
    expect(second.locator("tr[data-row]").first).to_be_hidden()
    assert second.get_by_role("button").first.bounding_box()["height"] >= 44
    field(last).focus()
    page.keyboard.press("Enter")
    following = group_of(page, "4. Điện").locator("tr[data-row]").first
    assert following.evaluate("one => one.contains(document.activeElement)")
    hidden = second.locator("tr[data-row]").first
    page.goto(f"{page.url.split('#')[0]}#{hidden.get_attribute('id')}")
    expect(hidden).to_be_visible()


def test_a_printed_sheet_hides_nothing(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    group = group_of(page, "3. Thủy lợi")
    group.get_by_role("button").first.click()
    expect(group.locator("tr[data-row]").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(group.locator("tr[data-row]").first).to_be_visible()


def test_an_empty_cell_in_a_shut_criterion_is_found_by_the_button_for_the_next_one(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    group = group_of(page, "2. Giao thông")
    row = group.locator("tr[data-row]").first
    field(row).fill("")
    field(row).press("Tab")
    expect(row.locator(".stt")).to_contain_text("Chưa nhập")
    group.get_by_role("button").first.click()
    expect(row).to_be_hidden()
    page.get_by_role("button", name="Ô tiếp theo").click()
    expect(field(row)).to_be_focused()

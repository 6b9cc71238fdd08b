"""The office's pages in Chromium: accessible, without sideways scroll, and the board by keyboard."""

import pytest

from tests.services.browser import PHONE, assert_accessible_in_both_schemes, follow

PAGES = [
    "/vi-sao/18508/17/17.1/?ky=2023",
    "/bang/?ky=2023&huyen=444",
    "/gan-dat/?ky=2023",
    "/muc-tieu/?nhin-tu=2024-08-20",
    "/dien-bien/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_office_is_accessible_in_both_schemes_and_narrow(browser_page, path):
    browser_page.goto(path)
    assert_accessible_in_both_schemes(browser_page)
    browser_page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert browser_page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_the_board_is_walked_by_keyboard_down_to_the_explanation(browser_page):
    browser_page.goto("/bang/?ky=2023&ket-qua=chua-dat")
    cell = browser_page.locator("#luoi td.g1, #luoi td.g2").first
    cell.click()
    corner = browser_page.locator("#o")
    corner.get_by_text("cần").first.wait_for()
    browser_page.keyboard.press("ArrowRight")
    browser_page.keyboard.press("ArrowLeft")
    assert cell.evaluate("cell => cell === document.activeElement")
    browser_page.keyboard.press("Escape")
    assert corner.is_hidden()
    with browser_page.expect_navigation():
        browser_page.keyboard.press("Enter")
    assert "/vi-sao/" in browser_page.url
    assert browser_page.get_by_text("mức đạt chuẩn").first.is_visible()


def test_the_tree_is_read_without_script(open_page, portal):
    page = open_page(portal.address, javascript=False)
    page.goto("/bang/?ky=2023&ket-qua=chua-dat")
    follow(page.locator("#luoi th a").first)
    follow(page.locator(".why a").first)
    follow(page.locator(".why a").first)
    assert page.locator("article.card").first.is_visible()

"""Reading pages in Chromium: accessible in light and dark, on paper and on a phone, and without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.services.browser import PHONE, RULES, assert_accessible_in_both_schemes, follow

# Nothing on a sheet of paper is pressed.
ON_PAPER = {**RULES, "rules": {"target-size": {"enabled": False}}}

PAGES = [
    "/",
    "/tim/?q=ha+linh",
    "/du-lieu-mo/",
    "/ban-do/?ky=2023&so=tieu-chi",
    "/xa/?ky=2023",
    "/xa/18508/?ky=2023",
    "/huyen/444/?ky=2024",
    "/khong-co/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_reading_page_is_accessible_in_light_and_dark(browser_page, path):
    browser_page.goto(path)
    assert_accessible_in_both_schemes(browser_page)


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(phone_page, path):
    phone_page.goto(path)
    assert phone_page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_a_page_is_accessible_as_it_is_printed(browser_page):
    browser_page.goto("/xa/18508/?ky=2023")
    browser_page.emulate_media(media="print")
    found = Axe().run(browser_page, options=ON_PAPER)
    assert found.violations_count == 0, found.generate_report()
    assert not browser_page.locator("nav.nav").is_visible()
    assert browser_page.get_by_text("số liệu minh hoạ").first.is_visible()


def test_period_and_date_are_chosen_without_script(open_page, portal):
    page = open_page(portal.address, javascript=False)
    page.goto("/")
    follow(page.get_by_role("link", name="2023", exact=True))
    page.get_by_label("Nhìn từ ngày").fill("2024-02-21")
    follow(page.get_by_role("button", name="Xem"))
    assert "ky=2023" in page.url
    assert "nhin-tu=2024-02-21" in page.url
    expect(page.get_by_text("1 huyện", exact=True)).to_be_visible()

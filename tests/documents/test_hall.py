"""The presentation for the conference hall: pages by keys, figures that follow the data, words when the link is cut."""

import re

import pytest
from playwright.sync_api import expect

from communes import epochs
from tests.services.browser import PHONE, assert_accessible

HALL = "/trinh-chieu/?ky=2023"
# The smallest letters of any page, the small mark of illustrative figures apart.
SMALLEST = """Math.min(...[...document.querySelectorAll('.slide :is(p, li, td, th, dt, dd)')]
    .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""


@pytest.mark.django_db
def test_without_a_script_all_pages_stand_one_below_the_other(visitor):
    page = visitor.get(HALL).content.decode()
    assert page.count('class="slide') == 6
    for words in ("2<small>/10", "95,539", "337", "số liệu minh hoạ"):
        assert words in page


@pytest.mark.django_db
def test_while_nothing_changed_the_answer_is_empty_and_after_an_approval_it_is_new(
    visitor, django_assert_max_num_queries
):
    first = visitor.get(HALL)
    with django_assert_max_num_queries(1):
        again = visitor.get(HALL, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    epochs.bump()
    changed = visitor.get(HALL, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.django_db
def test_an_officer_projects_what_the_public_may_see(visitor, client_of, province_officer):
    slides = re.compile(r"<div data-slides>.*</div>\s*<footer", re.S)
    mine = client_of(province_officer).get(HALL).content.decode()
    theirs = visitor.get(HALL).content.decode()
    assert slides.search(mine)[0] == slides.search(theirs)[0]


@pytest.mark.e2e
def test_the_pages_are_turned_by_keys_the_screen_goes_black_and_letters_grow(open_page, portal):
    page = open_page(portal.address, size=(1920, 1080))
    page.goto(HALL)
    place = page.locator("[data-place]")
    expect(place).to_have_text("trang 1/6")
    assert_accessible(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#trang-2")).to_be_visible()
    expect(page.locator("#trang-1")).to_be_hidden()
    page.keyboard.press("End")
    expect(place).to_have_text("trang 6/6")
    page.reload()
    expect(place).to_have_text("trang 6/6")
    assert_accessible(page)
    page.keyboard.press("b")
    expect(page.locator(".black")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".black")).to_be_hidden()
    height = page.locator("h1").bounding_box()["height"]
    page.keyboard.press("+")
    assert page.locator("h1").bounding_box()["height"] > height
    page.keyboard.press("-")
    assert page.evaluate(SMALLEST) >= 24


@pytest.mark.e2e
def test_new_figures_come_without_a_reload_and_a_cut_link_is_said(open_page, portal):
    page = open_page(portal.address, size=PHONE)
    page.goto(HALL)
    expect(page.locator(".live")).to_contain_text("Trực tiếp")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def newer(route):
        answer = route.fetch()
        body = answer.text().replace(">337<", ">338<")
        route.fulfill(response=answer, body=body, headers={**answer.headers, "etag": 'W/"newer"'})

    page.route("**/trinh-chieu/*", newer)
    expect(page.locator(".v", has_text="338")).to_be_visible()
    page.unroute("**/trinh-chieu/*")
    page.route("**/trinh-chieu/*", lambda route: route.abort())
    expect(page.locator(".live")).to_contain_text("Mất kết nối")
    expect(page.locator(".v", has_text="338")).to_be_visible()

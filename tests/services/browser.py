"""Fixtures for tests in a real browser: a running portal, pages in Chromium, and the accessibility gate."""

import os
import shutil
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.services import chromium
from tests.services.plugin import scratch
from tests.services.portals import Portal, new_data_dir

DESKTOP, PHONE = (1280, 800), (360, 740)
# WCAG 2.2 AA, as far as a machine can tell.
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What passed is not told: putting the whole page into the answer takes longer than looking at it.
RULES = {"runOnly": WCAG, "resultTypes": ["violations"]}
COLOURS = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PATIENCE_MS = 10_000

# Playwright's synchronous API runs a loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def assert_accessible(page: Page) -> None:
    """No violation of WCAG A or AA that axe can find on the page as it stands."""
    _assert_no_violation(page, RULES)


def assert_accessible_in_both_schemes(page: Page) -> None:
    """The same in light and in dark, which changes nothing but colours; at once, under the pointer too."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    _assert_no_violation(page, COLOURS)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert_accessible(page)


def _assert_no_violation(page: Page, rules: dict) -> None:
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def follow(place: Locator) -> None:
    """Click what leads to another page, and be there: a click alone returns before the page is left."""
    with place.page.expect_navigation():
        place.click()


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in through the page, as a person does."""
    page.goto("/dang-nhap/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)


def enter(context: BrowserContext, username: str, password: str) -> None:
    """Sign in without drawing a page: for tests that are about what comes after."""
    context.request.get("/dang-nhap/")
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    answer = context.request.post("/dang-nhap/", form=form, max_redirects=0)
    assert answer.status == 302, answer.text()


class Watch:
    """What a page must never do: break its Content-Security-Policy, throw, or ask another host."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.home = urlsplit(address).netloc
        self.faults: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message) -> None:
        # An answer of 404 or 409 is the test's own business.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _request(self, request) -> None:
        target = urlsplit(request.url)
        if target.scheme in ("http", "https") and target.netloc != self.home:
            self.faults.append(f"another host: {request.url}")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def portal(django_db_setup, loaded_template):
    """The embedded portal with the whole seed, running; its demo accounts have `portal.password`."""
    portal = Portal(new_data_dir(scratch()))
    shutil.copyfile(loaded_template, portal.data_dir / "ntm.sqlite3")
    portal.start()
    yield portal
    portal.interrupt()


@pytest.fixture
def open_page(browser: Browser):
    """`open_page(address, size=DESKTOP, javascript=True)`: a page of a fresh visitor, watched for faults."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def create(address: str, *, size: tuple[int, int] = DESKTOP, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=address,
            locale="vi-VN",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append((context, Watch(context, address)))
        return context.new_page()

    yield create
    for context, _ in contexts:
        context.close()
    faults = [fault for _, watch in contexts for fault in watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def browser_page(open_page: Callable[..., Page], portal: Portal) -> Page:
    """A visitor's page on the running portal, at a desktop's width."""
    return open_page(portal.address)


@pytest.fixture
def phone_page(open_page: Callable[..., Page], portal: Portal) -> Page:
    """A visitor's page on the running portal, at a phone's width."""
    return open_page(portal.address, size=PHONE)


@pytest.fixture
def signed_in_page(open_page: Callable[..., Page], portal: Portal) -> Callable[..., Page]:
    """`signed_in_page("huyen-huongkhe")`: an empty page of a demo account that has signed in."""

    def create(username: str, **options) -> Page:
        page = open_page(portal.address, **options)
        enter(page.context, username, portal.password)
        return page

    return create

"""/api/v1/docs/: the contract to read and try, from this host alone."""

import re

import pytest

from tests.services.browser import assert_accessible

DOCS = "/api/v1/docs/"


def test_the_page_holds_no_inline_script_or_style(client):
    text = client.get(DOCS).content.decode()
    assert "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_the_page_names_no_other_host(client):
    for address in (DOCS, f"{DOCS}?script="):
        assert "://" not in client.get(address).content.decode()


@pytest.mark.e2e
def test_the_page_renders_in_a_browser_under_the_strict_policy(browser_page):
    browser_page.goto(DOCS)
    for operation in ("communes-communes_list", "readings-readings_partial_update", "auth-auth_token_create"):
        browser_page.locator(f"#operations-{operation} button").first.click()
        browser_page.locator(f"#operations-{operation} .opblock-body").wait_for()
    assert_accessible(browser_page)

"""The developers' page in Chromium, and its programs as a stranger runs them."""

import os
import shlex
import subprocess
import sys

import pytest

from tests.services.browser import PHONE, assert_accessible_in_both_schemes

pytestmark = pytest.mark.e2e


def test_the_start_page_is_accessible_narrow_and_its_programs_run(browser_page, tmp_path):
    browser_page.goto("/nha-phat-trien/")
    assert_accessible_in_both_schemes(browser_page)
    browser_page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert browser_page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    browser_page.get_by_role("button", name="Chép đoạn Python").click()
    browser_page.locator("#python [role=status]").get_by_text("Đã ch").wait_for()
    assert "units do not meet" in run_python(browser_page.locator("#python code").inner_text(), tmp_path)
    run_curl(browser_page.locator("#curl code").inner_text(), tmp_path)
    heading = (tmp_path / "ket-qua.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading.startswith("assessment,area.code")


def run_python(program, folder):
    """What the program prints."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_curl(program, folder):
    """Every line of the program; a refusal is a fault."""
    for line in program.splitlines():
        command = shlex.split(line, comments=True)
        if command:
            asked = [command[0], "--fail", "--silent", "--show-error", *command[1:]]
            done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_pages_of_data_and_codes_are_accessible(browser_page):
    for address in ("/nha-phat-trien/du-lieu/", "/nha-phat-trien/danh-muc/units/?tim=ha+linh"):
        browser_page.goto(address)
        browser_page.locator("details").first.evaluate_all("all => all.forEach(each => each.open = true)")
        assert_accessible_in_both_schemes(browser_page)

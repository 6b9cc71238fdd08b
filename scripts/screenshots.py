"""Pictures of the README and the user guide, from a running portal with its demonstration data.

Usage: .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000 DEMO_PASSWORD
Needs the development requirements and Chromium (CHROMIUM, or `chromium` on PATH).
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "huong-dan" / "anh"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
# file, address, who is signed in, height
PICTURES = [
    (ROOT / "docs" / "images" / "home.png", "/?ky=2023&nhin-tu=2024-02-21", "", 1400),
    (GUIDE / "tong-quan.png", "/?ky=2023&nhin-tu=2024-02-21", "", 900),
    (GUIDE / "xa.png", "/xa/18508/?ky=2023", "", 900),
    (GUIDE / "nhap-lieu.png", "", "huyen-huongkhe", 900),
    (GUIDE / "duyet.png", "/duyet/", "tinh", 800),
]


def take(browser: Browser, base: str, password: str) -> None:
    """One picture after the other, 1280 wide."""
    for file, address, who, height in PICTURES:
        file.parent.mkdir(parents=True, exist_ok=True)
        page = browser.new_context(viewport={"width": 1280, "height": height}, locale="vi-VN").new_page()
        if who:
            page.goto(f"{base}/dang-nhap/")
            page.fill("input[name=username]", who)
            page.fill("input[name=password]", password)
            page.click("main form button[type=submit], form button[type=submit]")
            page.wait_for_load_state()
        if not address:  # the first commune of the officer's own list
            page.goto(f"{base}/viec-cua-toi/")
            page.get_by_role("link", name="Xã Hà Linh", exact=True).last.click()
            page.wait_for_load_state()
        else:
            page.goto(f"{base}{address}")
        page.screenshot(path=str(file))
        print(file.relative_to(ROOT))
        page.context.close()


def main() -> None:
    base, password = sys.argv[1:3]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        take(browser, base.rstrip("/"), password)
        browser.close()


if __name__ == "__main__":
    main()

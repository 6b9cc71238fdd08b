"""Pictures of the README and the user guide, from a running portal with its demonstration data.

Usage: .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000 DEMO_PASSWORD
Needs the development requirements and Chromium (CHROMIUM, or `chromium` on PATH).
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "huong-dan" / "anh"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
DESKTOP, PHONE = 1280, 390
FIRST_COMMUNE = "Xã Hà Linh"
# file, address (FIRST_COMMUNE: the entry grid of that commune), who is signed in, width, height
PICTURES = [
    (ROOT / "docs" / "images" / "home.png", "/?ky=2023&nhin-tu=2024-02-21", "", DESKTOP, 1400),
    (GUIDE / "tong-quan.png", "/?ky=2023&nhin-tu=2024-02-21", "", DESKTOP, 900),
    (GUIDE / "xa.png", "/xa/18508/?ky=2023", "", DESKTOP, 900),
    (GUIDE / "viec-cua-toi.png", "/viec-cua-toi/", "huyen-huongkhe", DESKTOP, 800),
    (GUIDE / "nhap-lieu.png", FIRST_COMMUNE, "huyen-huongkhe", DESKTOP, 900),
    (GUIDE / "nhap-lieu-dien-thoai.png", FIRST_COMMUNE, "huyen-huongkhe", PHONE, 844),
    (GUIDE / "bang-tinh.png", "/bang-tinh/", "huyen-huongkhe", DESKTOP, 760),
    (GUIDE / "duyet.png", "/duyet/", "tinh", DESKTOP, 800),
    (GUIDE / "tien-do.png", "/tien-do/", "tinh", DESKTOP, 800),
    (GUIDE / "quyet-dinh.png", "/quyet-dinh/", "tinh", DESKTOP, 800),
    (GUIDE / "ke-hoach.png", "/ke-hoach/2024/", "tinh", DESKTOP, 800),
    (GUIDE / "so-thon.png", "/so-thon/", "huyen-huongkhe", DESKTOP, 700),
]


def take(browser: Browser, base: str, password: str) -> None:
    """One picture after the other."""
    for file, address, who, width, height in PICTURES:
        file.parent.mkdir(parents=True, exist_ok=True)
        page = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN").new_page()
        if who:
            _sign_in(page, base, who, password)
        if address == FIRST_COMMUNE:
            page.goto(f"{base}/viec-cua-toi/")
            page.get_by_role("link", name=FIRST_COMMUNE, exact=True).last.click()
            page.wait_for_load_state("networkidle")
            # Cells in several states, below those that are locked.
            page.locator("tr.k-ret").first.evaluate("row => row.scrollIntoView({ block: 'center' })")
        else:
            page.goto(f"{base}{address}", wait_until="networkidle")
        page.screenshot(path=str(file))
        print(file.relative_to(ROOT))
        page.context.close()


def _sign_in(page: Page, base: str, who: str, password: str) -> None:
    page.goto(f"{base}/dang-nhap/")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda reached: "/dang-nhap/" not in reached)


def main() -> None:
    base, password = sys.argv[1:3]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        take(browser, base.rstrip("/"), password)
        browser.close()


if __name__ == "__main__":
    main()

"""`python -m bench.paint ADDRESS 5`: the home page's largest paint on a slow link, on a phone and on a desk."""

import json
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.services import chromium

# 1.6 Mbit/s, 150 ms there and back: a phone between two towers.
LINK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
_PAINT = """() => new Promise((tell) => {
  new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime)).observe(
    {type: 'largest-contentful-paint', buffered: true})
})"""


def painted(browser: Browser, address: str, size: tuple[int, int]) -> tuple[float, int]:
    """Seconds to the largest paint of a first visit, and the bytes that came over the link."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    link = context.new_cdp_session(page)
    link.send("Network.enable")
    link.send("Network.emulateNetworkConditions", LINK)
    came: list[float] = []
    link.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    seconds = page.evaluate(_PAINT) / 1000
    context.close()
    return round(seconds, 3), int(sum(came))


def main() -> None:
    address, times = sys.argv[1], int(sys.argv[2])
    found: dict[str, list[tuple[float, int]]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        for _ in range(times):
            for name, size in SIZES.items():
                found.setdefault(name, []).append(painted(browser, address, size))
        browser.close()
    told = {
        "seconds": [seconds for seconds, _ in found["phone"]],
        "on a desk": [seconds for seconds, _ in found["desk"]],
    }
    told["bytes"] = [found["phone"][0][1], found["desk"][0][1]]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()

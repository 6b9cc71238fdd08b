"""The browser of the tests: the given one, the machine's, or Debian's package installed now."""

import os
import shutil
import subprocess
from functools import cache

from tests.services.processes import ServiceUnavailable

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@cache
def executable() -> str:
    """Path of a Chromium; raises ServiceUnavailable with the way to provide one."""
    if given := os.environ.get("CHROMIUM"):
        if shutil.which(given):
            return given
        raise ServiceUnavailable(f"CHROMIUM names '{given}', which is not a program.")
    if found := _on_path():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if found := _on_path():
            return found
    raise ServiceUnavailable("The tests need Chromium: set CHROMIUM, or install your system's chromium package.")


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)

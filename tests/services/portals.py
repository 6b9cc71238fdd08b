"""A whole portal as its own processes, as its users run it."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import processes
from tests.services.plugin import PORTAL_SETTINGS
from tests.services.processes import ServiceUnavailable

ROOT = Path(__file__).resolve().parents[2]
DEMO_PASSWORD = "mot-mat-khau-minh-hoa"


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment without a portal's settings, and with `settings`."""
    not_theirs = {*PORTAL_SETTINGS, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    inherited = {name: value for name, value in os.environ.items() if name not in not_theirs}
    # A test asks more often than a client may; tests of the limits set their own.
    return {**inherited, "PYTHONUNBUFFERED": "1", "RATE_LIMITS": "off", **settings}


def status_of(address: str) -> int | None:
    """The HTTP status that `address` answers with; None when nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code
    except OSError:
        return None


def descendants(pid: int) -> set[int]:
    """Process ids below `pid`, as the kernel tells them."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                status = (entry / "stat").read_text()
                parents[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    below: set[int] = set()
    level = {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level} - below
        below |= level
    return below


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than a remnant."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Portal:
    """The embedded portal on a data folder of its own."""

    data_dir: Path
    port: int = field(default_factory=processes.free_port)
    password: str = DEMO_PASSWORD
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    def start(self, *, seconds: float = 180) -> float:
        """Start it and wait until it is ready; returns how long that took."""
        began = time.monotonic()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        environment = clean_environment(
            DATA_DIR=str(self.data_dir), PORT=str(self.port), DEMO_PASSWORD=self.password, PYTHONPATH=str(ROOT)
        )
        command = [sys.executable, str(ROOT / "manage.py"), "serve"]
        self.process = processes.start(command, log=self.log, env=environment)
        ready = f"{self.address}/readyz"
        processes.wait_until(lambda: status_of(ready) == 200, process=self.process, log=self.log, seconds=seconds)
        return time.monotonic() - began

    def interrupt(self) -> float:
        """Ctrl-C; returns how long it took until the process had ended."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            processes.stop(self.process)
            raise ServiceUnavailable("The portal did not end within 30 s of Ctrl-C.") from None
        return time.monotonic() - began


def new_data_dir(scratch: Path) -> Path:
    """An empty data folder."""
    return Path(tempfile.mkdtemp(prefix="portal-", dir=scratch))

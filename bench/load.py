"""Many requests at once: wrk for rates, and a burst of readers who come at one moment. Knows nothing of Django."""

import asyncio
import re
import subprocess
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.places import ROOT
from bench.programs import program
from bench.timing import NotRun

CONNECTIONS, THREADS = 12, 2  # as many as the web service has threads
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAULTS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.+)")
COLD = ROOT / "bench" / "cold.lua"


@dataclass(frozen=True)
class Form:
    """A request that is repeated. `is_cold`: each with an address of its own."""

    address: str
    etag: str = ""
    is_cold: bool = False


def rate(form: Form, *, seconds: int, run: str) -> float:
    """Requests a second of the form. NotRun without wrk or where an answer was a fault."""
    wrk = program("wrk", package="wrk")
    command = [wrk, "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "30s"]
    command += ["-H", "Accept-Encoding: gzip"]
    if form.etag:
        command += ["-H", f"If-None-Match: {form.etag}"]
    if form.is_cold:
        command += ["-s", str(COLD)]
    told = subprocess.run([*command, form.address, "--", run], capture_output=True, text=True)
    if fault := _FAULTS.search(told.stdout):
        raise NotRun(f"{form.address}: {fault[0]}")
    found = _RATE.search(told.stdout)
    if found is None:
        raise NotRun(f"wrk said: {told.stdout[-200:]}{told.stderr[-200:]}")
    return float(found[1])


@dataclass(frozen=True)
class Answer:
    status: int
    etag: str
    body: bytes


def ask(address: str, etag: str = "") -> Answer:
    """One answer as a browser gets it."""
    headers = {"Accept-Encoding": "gzip", **({"If-None-Match": etag} if etag else {})}
    opener = urllib.request.build_opener(_AsItIs)
    with opener.open(urllib.request.Request(address, headers=headers)) as answer:
        return Answer(answer.status, answer.headers.get("ETag", ""), answer.read())


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """A 304 is an answer, not an error."""

    def http_response(self, request, response):
        return response


def burst(address: str, readers: int) -> list[int]:
    """The statuses that so many readers get who ask at one moment, each on a connection of their own."""

    async def every() -> list[int]:
        return await asyncio.gather(*(_one(address) for _ in range(readers)))

    return asyncio.run(every())


async def _one(address: str) -> int:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = ("GET {0.path} HTTP/1.1", "Host: {0.netloc}", "Accept-Encoding: gzip", "Connection: close", "", "")
    writer.write("\r\n".join(head).format(parts).encode())
    answer = await reader.read(-1)
    writer.close()
    return int(answer.split(b" ", 2)[1])

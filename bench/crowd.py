"""`make crowd`: the conference opens the page. 7,000 people in 20 seconds, then each asks again every 15 seconds.

An open model: everybody comes at their intended moment, whether or not the server keeps up; waiting counts from then.
The server is the compose file's own web process on PostgreSQL and Redis, with nothing before it; the crowd shares its
machine. Meanwhile one value a second is approved, and a probe notes when the page tells of it. ARRIVE is the seconds in
which they come, ASKS how often each asks again. PEOPLE=21000 ASKS=0 is three times the crowd: those turned away must be
told so soon (503 and Retry-After), the others answered, and the portal itself again when the burst is over.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.measure import percentile, say
from bench.places import ROOT
from tests.services import postgres, processes, redis
from tests.services.portals import descendants
from tests.services.servers import HOST, Server

PEOPLE, ARRIVE, ASKS = (
    int(os.environ.get(name, usual)) for name, usual in (("PEOPLE", 7000), ("ARRIVE", 20), ("ASKS", 2))
)
POLL_SECONDS, PATIENCE, LATE = 15, 30, 0.25
PATH = "/trinh-chieu/"
OVERLOAD = PEOPLE >= 21000
GOALS: dict[str, float] = (
    {"turned away p99 ms": 1000, "first p95 ms": 1000, "errors": 0, "recovered after s": 10}
    if OVERLOAD
    else {"first p95 ms": 250, "first p99 ms": 500, "errors": 0, "turned away": 0, "commit p95 ms": 50}
)


@dataclass
class Told:
    """What the crowd met, in seconds from the intended moment."""

    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    turned_away: list[float] = field(default_factory=list)
    not_modified: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    bytes: int = 0

    def failed(self, what: str) -> None:
        self.errors[what] = self.errors.get(what, 0) + 1


async def ask(port: int, etag: str = "") -> tuple[int, str, int]:
    """One request on a connection of its own: status, ETag, bytes that came."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        head = (
            f"GET {PATH} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept-Encoding: gzip\r\n{known}Connection: close\r\n\r\n"
        )
        writer.write(head.encode())
        answer = await reader.read(-1)
    finally:
        writer.close()
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), _etag(lines), len(answer) if headers else 0


def _etag(lines: list[str]) -> str:
    return next((line.split(": ", 1)[1] for line in lines if line.lower().startswith("etag: ")), "")


async def person(port: int, at: float, told: Told) -> None:
    """Comes, reads, and asks again."""
    etag = ""
    for turn in range(1 + ASKS):
        intended = at + turn * POLL_SECONDS
        await asyncio.sleep(max(0.0, intended - time.monotonic()))
        try:
            status, etag, size = await asyncio.wait_for(ask(port, etag), PATIENCE)
        except (TimeoutError, OSError, IndexError, ValueError) as fault:
            told.failed(type(fault).__name__)
            continue
        told.bytes += size
        if status == 503:
            told.turned_away.append(time.monotonic() - intended)
            continue
        if status not in (200, 304):
            told.failed(str(status))
            continue
        told.not_modified += status == 304
        (told.again if turn else told.first).append(time.monotonic() - intended)


@dataclass
class Seen:
    """What the probe saw: each new state of the page when it was told, and when the page last was late or not there."""

    states: list[tuple[float, str]] = field(default_factory=list)
    last_late: float = 0.0


async def probe(port: int, seen: Seen, until: float) -> None:
    """Asks ten times a second."""
    etag = ""
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            status, found, _ = await asyncio.wait_for(ask(port, etag), PATIENCE)
        except (TimeoutError, OSError, IndexError, ValueError):
            status, found = 0, ""
        if status not in (200, 304) or time.monotonic() - began > LATE:
            seen.last_late = time.monotonic()
        if found and found != etag:
            seen.states.append((time.time(), found))
            etag = found
        await asyncio.sleep(0.1)


async def crowd(port: int) -> tuple[Told, Seen, float]:
    """What the crowd met, what the probe saw, and how long after the last arrival it last saw the page late."""
    # Somebody looked at it before: a server that has just started is no conference's.
    await asyncio.gather(*(ask(port) for _ in range(20)))
    told = Told()
    seen = Seen()
    start = time.monotonic() + 1
    end = start + ARRIVE + ASKS * POLL_SECONDS + (12 if OVERLOAD else 2)
    people = [person(port, start + ARRIVE * number / PEOPLE, told) for number in range(PEOPLE)]
    await asyncio.gather(probe(port, seen, end), *people)
    return told, seen, max(0.0, seen.last_late - start - ARRIVE)


def seen_after(commits: list[dict], seen: list[tuple[float, str]]) -> list[float]:
    """For each commit the seconds until the page told of something new."""
    return [moment - each["at"] for each in commits if (moment := next((t for t, _ in seen if t >= each["at"]), None))]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ntm-crowd-") as scratch:
        folder = Path(scratch)
        address, database = postgres.start(folder)
        broker, cache = redis.start(folder)
        os.environ |= {"NTM_TEST_POSTGRES": address, "NTM_TEST_REDIS": broker}
        server = Server(folder / "portal")
        try:
            figures = measure(server)
        finally:
            server.stop()
            processes.stop(cache)
            postgres.stop(database)
    say(json.dumps(figures, ensure_ascii=False, indent=2))
    name = "crowd-overload.json" if OVERLOAD else "crowd.json"
    (ROOT / "bench" / "results" / name).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")


def measure(server: Server) -> dict:
    say("… the server profile with its seed")
    server.folder.mkdir(parents=True)
    server.create_database()
    assert server.run("python manage.py collectstatic --no-input --verbosity 0").returncode == 0
    server.run_service("prepare")
    assert server.run("python manage.py load_seed --demo-accounts").returncode == 0
    for name in ("web", "worker"):
        server.start_service(name)
    server.wait_until_ready()
    say(f"… {PEOPLE} people in {ARRIVE} s, each asking {ASKS} times more")
    seconds = ARRIVE + ASKS * POLL_SECONDS
    command = [sys.executable, "-m", "bench.crowd_writer", str(seconds)]
    writer = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**server.environment, "DJANGO_SETTINGS_MODULE": "ntm_portal.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    before = {name: _cpu(process.pid) for name, process in server.running.items()}
    told, seen, recovered = asyncio.run(crowd(server.port))
    used = {
        f"CPU s of the {name}": round(_cpu(process.pid) - before[name], 1) for name, process in server.running.items()
    }
    used["CPU s of the crowd"] = round(time.process_time(), 1)
    commits = [json.loads(line) for line in writer.communicate()[0].splitlines()]
    return report(told, commits, seen_after(commits, seen.states), recovered) | used


def _cpu(pid: int) -> float:
    """Seconds of processor time of a process and all below it."""
    ticks = 0
    for each in {pid, *descendants(pid)}:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def report(told: Told, commits: list[dict], delays: list[float], recovered: float) -> dict:
    taken = [each["seconds"] for each in commits]
    measured = {
        "first p95 ms": _ms(told.first, 0.95),
        "first p99 ms": _ms(told.first, 0.99),
        "turned away": len(told.turned_away),
        "turned away p99 ms": _ms(told.turned_away, 0.99),
        "errors": float(sum(told.errors.values())),
        "commit p95 ms": _ms(taken, 0.95),
        "recovered after s": round(recovered, 1),
    }
    return {
        "people": PEOPLE,
        "arrive in s": ARRIVE,
        "requests": PEOPLE * (1 + ASKS),
        **measured,
        "first p50 ms": _ms(told.first, 0.5),
        "again p95 ms": _ms(told.again, 0.95),
        "answered 304": told.not_modified,
        "errors by kind": told.errors,
        "MB sent": round(told.bytes / 1e6, 1),
        "approvals": len(commits),
        "commit p50 ms": round(median(taken) * 1000, 1) if taken else None,
        "page tells after p95 s": round(percentile(delays, 0.95), 2) if delays else None,
        "met": {name: _met(measured[name], goal, told) for name, goal in GOALS.items()},
    }


def _met(found: float | None, goal: float, told: Told) -> bool:
    """Within the goal; nothing was measured of those turned away where all were answered."""
    return found <= goal if found is not None else bool(told.first) and not told.turned_away


def _ms(times: list[float], part: float) -> float | None:
    return round(percentile(times, part) * 1000, 1) if times else None


if __name__ == "__main__":
    main()

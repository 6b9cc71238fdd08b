"""`python -m bench.readers …`: pages under many readers, on the server profile. Started by bench.__main__."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from bench import serving
from bench.load import Form, ask, burst, rate
from bench.measure import Figure, Group, say
from bench.places import ROOT
from bench.timing import NotRun
from tests.services.servers import COMPOSE, Server

SECONDS = {"full": 4, "small": 2}
READERS, WAVES = 200, 6
# A page is held so long before the next state is drawn (PAGES_HELD_SECONDS), and the wave after it comes later.
_BETWEEN = 2.0
# Twelve drawings at once take seconds; what is still being drawn when the time is over must not fall on the next form.
_COLD_SECONDS, _REST = 6, 2.0
WORKERS = int(COMPOSE["services"]["web"]["command"].partition("--workers ")[2].split()[0])


def rates(forms: dict[str, Form], *, rounds: int, seconds: int) -> dict[str, list[float]]:
    """Requests a second of every form in turn, round by round, each round beginning with the next one."""
    names = list(forms)
    found: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        rate(forms[name], seconds=1, run="warm")
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(rate(forms[name], seconds=seconds, run=f"{time.time_ns()}"))
            if forms[name].is_cold:
                time.sleep(_REST)
    return found


def pages(server: Server, group: Group) -> dict[str, Figure]:
    """P11, P12, P13: the home page kept, drawn, and not sent, beside an empty view behind the same middleware."""
    home = f"{server.address}/"
    held = ask(home)
    unsent = ask(home, held.etag)
    hello = Form(f"{server.address}/bench/hello")
    kept = {"hello": hello, "P11": Form(home), "P13": Form(home, etag=held.etag)}
    found = rates(kept, rounds=group.rounds, seconds=SECONDS[group.scale])
    figures = {name: _share(found[name], found["hello"]) for name in ("P11", "P13")}
    drawn = {"hello": hello, "P12": Form(home, is_cold=True)}
    found = rates(drawn, rounds=group.rounds, seconds=_COLD_SECONDS)
    figures["P12"] = _share(found["P12"], found["hello"])
    figures["P13"].notes["status, bytes"] = [unsent.status, len(unsent.body)]
    if (unsent.status, len(unsent.body)) != (304, 0):
        figures["P13"].fault = "the answer was not an empty 304"
    return figures


def behind_the_proxy(server: Server, group: Group) -> dict[str, Figure]:
    """P14: the home page from the proxy's cache, beside a file of the same bytes that the proxy reads itself."""
    with serving.proxy(server) as address:
        (server.folder / "proxy" / "static" / "page").write_bytes(ask(f"{address}/").body)
        forms = {"file": Form(f"{address}/static/page"), "P14": Form(f"{address}/")}
        found = rates(forms, rounds=group.rounds, seconds=SECONDS[group.scale])
    return {"P14": _share(found["P14"], found["file"])}


def _share(subject: list[float], floor: list[float]) -> Figure:
    value, least = median(subject), median(floor)
    spread: dict[str, object] = {"least and most": [min(subject), max(subject)], "floor": [min(floor), max(floor)]}
    return Figure(value, least, round(value / least, 3), len(subject), notes=spread)


def stampede(server: Server, group: Group) -> dict[str, Figure]:
    """P24: the data change, and 200 readers ask at that moment; how often the page was drawn for them."""
    renders = server.folder / "renders"
    drawn: list[int] = []
    for _ in range(WAVES):
        time.sleep(_BETWEEN)
        server.query("UPDATE communes_epoch SET value = value + 1 RETURNING value")
        before = _lines(renders)
        statuses = burst(f"{server.address}/", READERS)
        if set(statuses) != {200}:
            raise NotRun(f"a reader was answered {sorted(set(statuses))}")
        time.sleep(0.5)
        drawn.append(_lines(renders) - before)
    return {"P24": Figure(max(drawn) / WORKERS, rounds=WAVES, notes={"drawn in each wave": drawn, "workers": WORKERS})}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def report(server: Server, group: Group) -> dict[str, Figure]:
    """P-report: the annual report with its annexes, from asking to the last file, by the portal's own worker."""
    told = _told(server, "bench.report_job", str(min(group.rounds, 3)))
    times = told["seconds"]
    return {"P-report": Figure(median(times), rounds=len(times), notes=told)}


def paint(server: Server, group: Group) -> dict[str, Figure]:
    """P-paint: the home page on a phone's link, from asking to its largest paint."""
    told = _told(server, "bench.paint", server.address, str(group.rounds))
    times = told["seconds"]
    return {"P-paint": Figure(median(times), rounds=len(times), notes=told)}


def _told(server: Server, module: str, *arguments: str) -> dict:
    """What a process of its own says on its last line."""
    environment = {**server.environment, "DJANGO_SETTINGS_MODULE": "ntm_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise NotRun(f"{module}: {done.stderr[-400:]}")
    return json.loads(done.stdout.splitlines()[-1])


MEASURES: dict[tuple[str, ...], Callable[[Server, Group], dict[str, Figure]]] = {
    ("P11", "P12", "P13"): pages,
    ("P14",): behind_the_proxy,
    ("P24",): stampede,
    ("P-report",): report,
    ("P-paint",): paint,
}


def main() -> None:
    group = Group.from_arguments()
    say("… the server profile with its seed, by the compose file's commands")
    with serving.portal() as server:
        for ids, measure in MEASURES.items():
            group.take(ids, partial(measure, server, group))
    group.write()


if __name__ == "__main__":
    main()

"""P22 and P17: the pages of one province with 1, 16 and 63 provinces in the tables: their times and their statements.

To be imported after Django.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from django.core.management import call_command

from bench import services
from bench.measure import Figure, Seconds, ms, say
from bench.places import ROOT, environment, fingerprint
from bench.scales import FIVE_YEARS, FULL, Scale
from bench.timing import NotRun

# The province's own size is that of its share of the country's communes.
GROWN = {
    FULL: {1: Scale(1, 168, FIVE_YEARS), 16: Scale(16, 2_692, FIVE_YEARS)},
    "small": {1: Scale(1, 200, (2023, 2024))},
}
_ROUNDS = 3  # of a hundred pages, some of which take seconds


class Tables:
    """A process on the tables of so many provinces; it times every page once when it is told to."""

    def __init__(self, given: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.page_times"],
            cwd=ROOT,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self) -> dict[str, list[float]]:
        """Page → seconds and statements."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise NotRun(f"the process of the pages ended ({self._process.wait()})")
        return json.loads(line)

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)


def measure(rounds: int, scale: str) -> dict[str, Figure]:
    """Every page in turn on each of the tables; the slowest page's ratio is what counts."""
    call_command("collectstatic", verbosity=0, interactive=False)
    homes = {1: _grown(1, scale)}
    if 16 in GROWN[scale]:
        homes[16] = _grown(16, scale)
    homes[63] = dict(os.environ)
    tables = {provinces: Tables(given) for provinces, given in homes.items()}
    try:
        every = _rounds(tables, min(rounds, _ROUNDS))
    finally:
        for each in tables.values():
            each.end()
    return _figures(every, min(rounds, _ROUNDS))


def _rounds(tables: dict[int, Tables], rounds: int) -> dict[int, list[dict[str, list[float]]]]:
    found: dict[int, list[dict[str, list[float]]]] = {provinces: [] for provinces in tables}
    for number in range(rounds + 1):
        order = list(tables)
        for provinces in order[number % len(order) :] + order[: number % len(order)]:
            found[provinces].append(tables[provinces].round())
    return {provinces: told[1:] for provinces, told in found.items()}


def _figures(every: dict[int, list[dict[str, list[float]]]], rounds: int) -> dict[str, Figure]:
    few, many = min(every), max(every)
    # A page of a value that waits is not asked where other measures have used up what waited.
    pages = [page for page in every[few][0] if all(page in told for rounds_of in every.values() for told in rounds_of)]

    def times(provinces: int, page: str) -> Seconds:
        return [told[page][0] for told in every[provinces]]

    ratios = {page: median(times(many, page)) / median(times(few, page)) for page in pages}
    whole = {
        provinces: median(sum(told[page][0] for page in pages) for told in every[provinces]) for provinces in every
    }
    worst = max(ratios, key=lambda page: ratios[page])
    apart = {page: counts for page in pages if len(set(counts := [every[n][0][page][1] for n in every])) > 1}
    notes: dict[str, object] = {
        "slowest page": worst,
        "its ratio": round(ratios[worst], 3),
        "pages": len(pages),
        "not asked": sorted(set(every[few][0]) - set(pages)),
        "pages above 1.3": {page: round(ratio, 2) for page, ratio in ratios.items() if ratio > 1.3},
        "all pages ms by provinces": {provinces: ms(taken) for provinces, taken in whole.items()},
    }
    figure = Figure(ms(whole[many]), ms(whole[few]), round(whole[many] / whole[few], 3), rounds, notes=notes)
    return {"P22": figure, "P17": Figure(len(apart), rounds=1, notes={"statements apart": apart, "pages": len(pages)})}


def _grown(provinces: int, scale: str) -> dict[str, str]:
    """The environment of tables with so many provinces, made on first use on the bench's own server."""
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"ntm_grown_{provinces}_{fingerprint()}"
    home = Path(os.environ["DATA_DIR"])
    given = environment(folder=home, database_url=f"{address}/{name}", redis_url=os.environ["REDIS_URL"])
    loaded = home / f"{name}.loaded"
    if not loaded.exists():
        say(f"… generating {provinces} provinces")
        services.drop_databases(address, prefix=name)
        services.create_database(address, name)
        size = GROWN[scale][provinces]
        command = [
            sys.executable,
            "-m",
            "bench.page_times",
            "load",
            json.dumps([size.provinces, size.communes, size.years]),
        ]
        done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
        if done.returncode:
            raise NotRun(f"loading {provinces} provinces failed: {done.stderr[-400:]}")
        loaded.touch()
    return given

"""`python -m bench`: each measure in turn with its floor, the median and the ratio of the two."""

import argparse
import json
import os
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

# The environment comes first: it tells Django where the portal of the bench is.
from bench import environment, pairs
from bench.timing import Result, measure


def main() -> None:
    arguments = _arguments()
    _say(f"… a portal of the bench's own in {environment.SCRATCH}")
    loaded = pairs.build()
    results = [measure(pair, arguments.rounds) for pair in pairs.PAIRS]
    for result in results:
        _say(_line(result))
    _say("A ratio above its aim is a hint, not a failure: bench/README.md.")
    if arguments.json:
        report = _circumstances(loaded) | {"results": [result.as_dict() for result in results]}
        text = json.dumps(report, ensure_ascii=False, indent=1)
        arguments.json.write_text(f"{text}\n", encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="timed turns of each pair")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    return parser.parse_args()


def _line(result: Result) -> str:
    if result.not_run:
        return f"{result.name:34} not run: {result.not_run}"
    return (
        f"{result.name:34} {result.median_ms:9.2f} ms  = {result.ratio:6.2f} × {result.floor_name} "
        f"({result.floor_ms:.2f} ms; aim ≤ {result.aim} ×; p95 {result.p95_ms:.2f} ms)"
    )


def _circumstances(loaded: str) -> dict[str, object]:
    """What a figure means nothing without."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 2),
        "python": sys.version.split()[0],
        "database": f"SQLite {sqlite3.sqlite_version}, synchronous=FULL",
        "loaded": loaded,
    }


if __name__ == "__main__":
    main()

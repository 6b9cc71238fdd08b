"""`make test`: the same tests on SQLite and on PostgreSQL, then the portal's own processes in a browser, once."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = str(min(os.cpu_count() or 1, 4))
# Portals that are started, measured and killed have the machine to themselves; pages in a browser share it by file.
RUNS = [
    ("on SQLite", "sqlite", ["-n", WORKERS, "-m", "not e2e"]),
    ("on PostgreSQL", "postgres", ["-n", WORKERS, "-m", "not e2e"]),
    ("pages in Chromium", "sqlite", ["-n", WORKERS, "--dist", "loadfile", "-m", "e2e and not alone"]),
    ("whole portal in Chromium, both profiles", "sqlite", ["-m", "alone"]),
]
NOTHING_COLLECTED = 5


def run(title: str, database: str, arguments: list[str], report: Path) -> int:
    """One pytest run with its own summary; returns its exit code."""
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "NTM_TEST_DB": database}).returncode


def counted(report: Path) -> Counter[str]:
    """How many tests passed, failed and so on, from a run's report."""
    if not report.exists():
        return Counter(errors=1)
    suite = ElementTree.parse(report).getroot()[0]
    counts = Counter({name: int(suite.get(name, 0)) for name in ("failures", "errors", "skipped")})
    counts["passed"] = int(suite.get("tests", 0)) - counts.total()
    return counts


def main() -> int:
    began, codes, total = time.monotonic(), [], Counter()
    with tempfile.TemporaryDirectory(prefix="ntm-reports-") as folder:
        for number, (title, database, arguments) in enumerate(RUNS):
            report = Path(folder) / f"{number}.xml"
            codes.append(run(title, database, arguments, report))
            total += counted(report)
    words = {"failures": "failed", "passed": "passed", "skipped": "skipped", "errors": "errors"}
    told = ", ".join(f"{total[name]} {word}" for name, word in words.items() if total[name])
    print(f"\n===== {told} in {time.monotonic() - began:.0f} s (SQLite, PostgreSQL, browser) =====")
    # Arguments of the caller may leave one of the runs empty.
    return max((code for code in codes if code != NOTHING_COLLECTED or len(sys.argv) == 1), default=0)


if __name__ == "__main__":
    sys.exit(main())

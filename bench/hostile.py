"""`python -m bench.hostile`: every hostile file once, in a process of its own; slowest refusal and largest reader."""

import json
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench.measure import Figure
from bench.places import ROOT
from bench.timing import NotRun, seconds
from files import Refusal, child
from files.kinds import Kind, kind_of
from tests.files.corpus import HOSTILE, LARGE


def measure() -> dict[str, Figure]:
    """G9 in seconds and in MB, the parent alive."""
    done = subprocess.run([sys.executable, "-m", "bench.hostile"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise NotRun(done.stderr[-500:])
    told = json.loads(done.stdout)
    notes = {"slowest": told["slowest"], "files": told["files"]}
    return {"G9": Figure(told["seconds"], notes=notes), "G9-memory": Figure(told["MB"])}


def _refused(content: bytes, name: str, path: Path) -> None:
    path.write_bytes(content)
    try:
        if kind_of(path, name) is Kind.XLSX:
            child.call("files.sheets:read", path, Kind.XLSX, memory=220 * child.MB)
    except Refusal:
        return
    raise SystemExit(f"{name} was taken")


def _main() -> None:
    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case, (name, make, _) in {**HOSTILE, **LARGE}.items():
            content = make()
            taken[case] = seconds(partial(_refused, content, name, Path(folder) / "sent"))
    slowest = max(taken, key=lambda case: taken[case])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = {"slowest": slowest, "seconds": round(taken[slowest], 3), "MB": round(peak, 1), "files": len(taken)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main()

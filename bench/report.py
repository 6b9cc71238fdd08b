"""The table on the screen and the file of the results."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.goals import GOALS, RATIO
from bench.places import RESULTS, ROOT

LATEST, PART = RESULTS / "latest.json", RESULTS / "part.json"
Figure = dict[str, object]


def build(figures: dict[str, Figure], *, ids: list[str], scale: str, rounds: int, circumstances: dict) -> dict:
    """The report of one run; a measure that was not taken has no figures and has not passed."""
    return {
        "machine": _machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "scale": scale,
        "rows": circumstances.get("national", {}).get("rows", {}).get("criteria_reading"),
        "rounds": rounds,
        "commit": commit(),
        "circumstances": circumstances,
        "results": {name: _result(name, figures.get(name, {"not_run": "its group ended early"})) for name in ids},
    }


def _result(name: str, figure: Figure) -> dict[str, object]:
    goal = GOALS[name]
    value, ratio = figure.get("value"), figure.get("ratio")
    met = goal.is_met(value=value, ratio=ratio)  # type: ignore[arg-type]  # numbers or nothing
    shown = {key: figure[key] for key in ("not_run", "fault", "notes") if figure.get(key)}
    return {
        "name": goal.name,
        "value": value,
        "unit": goal.unit,
        "floor": figure.get("floor"),
        "ratio": ratio,
        "goal": goal.goal,
        "pass": bool(met) and not figure.get("fault"),
        "stretch": goal.stretch,
        "rounds": figure.get("rounds"),
        **shown,
    }


def table(report: dict) -> str:
    """One line a measure."""
    lines = [f"{'':13}{'':64}{'value':>12}{'floor':>12}{'ratio':>9}{'goal':>9}"]
    lines += [_line(name, result) for name, result in report["results"].items()]
    return "\n".join(lines)


def _line(name: str, result: dict) -> str:
    if result["value"] is None:
        return f"{name:13}{result['name']:64}not taken: {result.get('not_run', '')}"
    unit = result["unit"]
    floor = "" if result["floor"] is None else f"{result['floor']:,.2f}"
    ratio = "" if result["ratio"] is None else f"{result['ratio']:.2f}×"
    goal = f"{'≥' if GOALS[name].at_least else '≤'} {result['goal']}" + ("×" if GOALS[name].of == RATIO else f" {unit}")
    verdict = "ok" if result["pass"] else "MISSED"
    return f"{name:13}{result['name']:64}{result['value']:>9,.2f} {unit:2}{floor:>12}{ratio:>9}{goal:>9}  {verdict}"


def write(report: dict, *, whole: bool) -> Path:
    """A whole run at full scale replaces the committed results; anything else is a part."""
    path = LATEST if whole else PART
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def commit() -> str | None:
    """The commit of the tree, with "+" where files differ from it; None outside a repository."""
    head = _git("rev-parse", "--short", "HEAD")
    return head and head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"

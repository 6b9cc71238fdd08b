"""`python -m bench`: every measure in turn with its floor, the ratios beside their goals. A timing fails nothing.

ONLY=P1,P7 takes some measures, SCALE=small a quick run, ROUNDS=9 more rounds; the group of each database is a
process of its own (bench.national, bench.province, bench.portal, bench.readers).
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import places, report, services
from bench.goals import GOALS, chosen
from bench.measure import say
from bench.scales import FULL, SMALL

LEAST_ROUNDS = 5
Environment = dict[str, str]


def main() -> None:
    """Exits with 1 only where a measure could not be taken."""
    ids, scale = chosen(os.environ.get("ONLY", "")), _scale()
    rounds = max(LEAST_ROUNDS, int(os.environ.get("ROUNDS", LEAST_ROUNDS)))
    figures: dict[str, dict] = {}
    circumstances: dict[str, object] = {"load before": round(os.getloadavg()[0], 2)}
    for name, environment in _GROUPS.items():
        asked = [each for each in ids if GOALS[each].group == name]
        if asked:
            with environment(scale) as given:
                told = _run(name, asked, rounds=rounds, scale=scale, environment=given)
            figures |= told.get("figures", {})
            circumstances[name] = told.get("circumstances", {})
    made = report.build(figures, ids=ids, scale=scale, rounds=rounds, circumstances=circumstances)
    taken = all(result["value"] is not None for result in made["results"].values())
    path = report.write(made, whole=scale == FULL and len(ids) == len(GOALS) and taken)
    say(
        f"\n{report.table(made)}\n\n{path.relative_to(places.ROOT)}; a missed goal is told, not failed: bench/README.md"
    )
    sys.exit(0 if taken else 1)


def _scale() -> str:
    scale = os.environ.get("SCALE") or FULL
    if scale not in (FULL, SMALL):
        raise SystemExit(f"SCALE must be {FULL} or {SMALL}, not '{scale}'")
    return scale


def _run(name: str, ids: list[str], *, rounds: int, scale: str, environment: Environment) -> dict:
    """One group in its own process; what it wrote, also when it ended early."""
    output = places.scratch(scale) / f"{name}.json"
    output.unlink(missing_ok=True)
    command = [sys.executable, "-m", f"bench.{name}", ",".join(ids), str(rounds), scale, str(output)]
    done = subprocess.run(command, cwd=places.ROOT, env=environment)
    if done.returncode:
        say(f"  the group {name} ended early ({done.returncode})")
    return json.loads(output.read_text()) if output.exists() else {}


@contextlib.contextmanager
def _national(scale: str) -> Iterator[Environment]:
    """The server profile's services; the generated database is kept from run to run."""
    home, name = places.scratch(scale), f"ntm_{places.fingerprint()}"
    loaded = home / f"{name}.loaded"
    told = ", ".join(f"{key}={value}" for key, value in services.SETTINGS.items())
    say(f"… PostgreSQL of the bench's own: {told}; the rest as PostgreSQL ships")
    with services.postgresql(home / "pg") as address, services.redis_server(home / "broker") as redis:
        if not loaded.exists():
            services.drop_databases(address, prefix="ntm_")
            services.create_database(address, name)
        yield _environment(home / "national", f"{address}/{name}", loaded, redis_url=redis)


@contextlib.contextmanager
def _province(scale: str) -> Iterator[Environment]:
    """The embedded profile: SQLite with flushed commits, a broker of files."""
    home, name = places.scratch(scale), f"province-{places.fingerprint()}"
    loaded = home / f"{name}.loaded"
    if not loaded.exists():
        for old in home.glob("province-*"):
            old.unlink()
    yield _environment(home / "province", f"sqlite:///{home / name}.sqlite3", loaded)


@contextlib.contextmanager
def _portal(scale: str) -> Iterator[Environment]:
    home = places.scratch(scale) / "portal"
    yield _environment(home, f"sqlite:///{home / 'bench.sqlite3'}", home / "loaded")


def _environment(folder: Path, database_url: str, loaded: Path, redis_url: str = "") -> Environment:
    given = places.environment(folder=folder, database_url=database_url, redis_url=redis_url)
    return {**given, "BENCH_LOADED": str(loaded)}


@contextlib.contextmanager
def _readers(scale: str) -> Iterator[Environment]:
    """The group starts its own server, by the compose file."""
    yield dict(os.environ)


_GROUPS = {"national": _national, "province": _province, "portal": _portal, "readers": _readers}

if __name__ == "__main__":
    main()

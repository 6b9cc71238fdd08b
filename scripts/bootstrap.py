"""What `make` calls: builds the environment and the assets when they are missing or old, then runs a command in them.

Needs nothing but Python's own library. Each slow step says so in one line before it starts.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
UV = "uv==0.13.9"
RUNTIME = ["requirements.txt", "requirements-assets.txt"]
DEVELOPMENT = [*RUNTIME, "requirements-dev.txt"]
NODE = ["requirements-node.txt"]
ASSETS = ["package-lock.json", "scripts/assets.py"]
COMMANDS = {
    "run": (RUNTIME, ["manage.py", "serve"]),
    "manage": (RUNTIME, ["manage.py"]),
    "test": (DEVELOPMENT, ["scripts/run_tests.py"]),
    "check": (DEVELOPMENT, ["scripts/check.py"]),
    "bench": (DEVELOPMENT, ["-m", "bench"]),
    "crowd": (DEVELOPMENT, ["-m", "bench.crowd"]),
    "pytest": (DEVELOPMENT, ["-m", "pytest"]),
    "assets": (RUNTIME, ["-c", "print('assets: up to date')"]),
}


def say(message: str) -> None:
    print(message, flush=True)


def stop(message: str) -> None:
    say(message)
    raise SystemExit(1)


class Step:
    """`with Step("…"):` says what begins and how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> None:
        say(f"… {self.title}")
        self.began = time.monotonic()

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            say(f"  done in {time.monotonic() - self.began:.0f} s")


def quiet(args: list[str], *, hint: str) -> None:
    """Run a command; on failure show what it said, and the hint."""
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        stop(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\n{hint}")


def answers(args: list[str]) -> bool:
    """Whether a command exists and works."""
    try:
        return subprocess.run(args, capture_output=True).returncode == 0
    except OSError:
        return False


def create_environment() -> None:
    if PYTHON.exists() and answers([str(PYTHON), "-c", "import sys"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    with Step("creating the Python environment .venv"):
        try:
            venv.create(VENV, with_pip=True)
        except (subprocess.CalledProcessError, OSError):
            if not answers(["uv", "--version"]):
                stop("python3 cannot create environments: install your system's python3-venv package.")
            quiet(["uv", "venv", "--clear", "--python", sys.executable, str(VENV)], hint="uv venv failed.")


def installer() -> list[str]:
    """uv where it can be had (seconds instead of half a minute), else pip."""
    for uv in ("uv", str(VENV / "bin" / "uv")):
        if answers([uv, "--version"]):
            return [uv, "pip", "install", "--python", str(PYTHON)]
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    if answers([*pip, UV]):
        return [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON)]
    return pip


def digest(names: list[str]) -> str:
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def install(names: list[str]) -> None:
    """Install requirement files whose content changed since they were last installed."""
    stamp = VENV / f".installed-{names[-1]}"
    wanted = digest(names)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with Step(f"installing {', '.join(names)}"):
        files = [part for name in names for part in ("-r", name)]
        quiet([*installer(), *files], hint="Installing failed: is PyPI (or your mirror) reachable?")
    stamp.write_text(wanted)


def build_assets() -> None:
    """Fonts into static/build/, unless they are there already."""
    stamp = ROOT / "static" / "build" / ".assets"
    wanted = digest(ASSETS)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (answers(["node", "--version"]) and answers(["npm", "--version"])):
        install(NODE)
    with Step("fetching fonts from npm and building static/build"):
        quiet([str(PYTHON), "scripts/assets.py"], hint="Building the assets failed: is the npm registry reachable?")
    stamp.write_text(wanted)


def main(command: str, arguments: list[str]) -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; this is {sys.version.split()[0]}.")
    requirements, program = COMMANDS[command]
    create_environment()
    install(requirements)
    build_assets()
    os.chdir(ROOT)
    # The command takes this process's place: a signal meant for it reaches it.
    os.execv(PYTHON, [str(PYTHON), *program, *arguments])


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        stop(f"usage: bootstrap.py {'|'.join(COMMANDS)} [arguments]")
    main(sys.argv[1], sys.argv[2:])

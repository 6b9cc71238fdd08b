"""Pytest plugin: fixes the environment and starts the services of the run before Django reads its settings.

NTM_TEST_DB=sqlite|postgres chooses the database of the run. Under pytest-xdist the controller starts the
services once and its workers inherit their addresses. A service that cannot be had is an error, never a skip.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.services import postgres, processes, redis
from tests.services.databases import drop_template

pytest_plugins = ["tests.services.guards", "tests.services.browser"]

SQLITE, POSTGRES = "sqlite", "postgres"
VENDORS = {SQLITE: "sqlite", POSTGRES: "postgresql"}
# What a developer may have set for a portal of their own; the tests choose for themselves.
PORTAL_SETTINGS = [
    "ALLOWED_HOSTS",
    "CHECK_DEPLOY",
    "DATABASE_URL",
    "DATA_DIR",
    "DEBUG",
    "DEMO_PASSWORD",
    "LOG_LEVEL",
    "NTM_PROFILE",
    "PORT",
    "PROVINCE_CODE",
    "RATE_LIMITS",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECURE_SSL_REDIRECT",
    "STATIC_ROOT",
]


def chosen_database() -> str:
    """The database of this run, from NTM_TEST_DB."""
    name = os.environ.get("NTM_TEST_DB", SQLITE)
    if name not in VENDORS:
        raise pytest.UsageError(f"NTM_TEST_DB must be one of {', '.join(VENDORS)}, not '{name}'.")
    return name


def scratch() -> Path:
    """The run's own folder for services, databases and the portal's data; removed at its end."""
    if "NTM_TEST_SCRATCH" not in os.environ:
        folder = tempfile.mkdtemp(prefix="ntm-tests-")
        os.environ["NTM_TEST_SCRATCH"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(os.environ["NTM_TEST_SCRATCH"])


def postgres_address() -> str:
    """Address of a real PostgreSQL whose account may create databases: given, or started for this run."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        if not postgres.answers(given):
            raise processes.ServiceUnavailable("TEST_DATABASE_URL is set, but no PostgreSQL answers there.")
        return given
    if "NTM_TEST_POSTGRES" not in os.environ:
        address, process = postgres.start(scratch())
        atexit.register(postgres.stop, process)
        os.environ["NTM_TEST_POSTGRES"] = address
    return os.environ["NTM_TEST_POSTGRES"]


def redis_address() -> str:
    """Address of a real Redis: given, or started for this run."""
    if given := os.environ.get("TEST_REDIS_URL"):
        if not redis.answers(given):
            raise processes.ServiceUnavailable("TEST_REDIS_URL is set, but no Redis answers there.")
        return given
    if "NTM_TEST_REDIS" not in os.environ:
        address, process = redis.start(scratch())
        atexit.register(processes.stop, process)
        os.environ["NTM_TEST_REDIS"] = address
    return os.environ["NTM_TEST_REDIS"]


def _fix_environment() -> None:
    for name in PORTAL_SETTINGS:
        os.environ.pop(name, None)
    data = Path(tempfile.mkdtemp(prefix="data-", dir=scratch()))
    for folder in ("static", "uploads", "spool/queue", "spool/control"):
        (data / folder).mkdir(parents=True)
    os.environ["DATA_DIR"] = str(data)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django: afterwards the settings are read, and the run would silently be on SQLite."""
    _fix_environment()
    try:
        if chosen_database() == POSTGRES:
            os.environ["DATABASE_URL"] = postgres_address()
        if getattr(early_config.known_args_namespace, "numprocesses", None):
            # Started here once, or each worker would start its own.
            postgres_address()
            redis_address()
    except processes.ServiceUnavailable as missing:
        raise pytest.UsageError(str(missing)) from missing
    return (yield)


def pytest_report_header() -> list[str]:
    given = " (TEST_DATABASE_URL)" if os.environ.get("TEST_DATABASE_URL") else ""
    return [f"database: {chosen_database()}{given if chosen_database() == POSTGRES else ''}"]


def pytest_collection_modifyitems(config, items):
    """Take out what belongs to another run, counted as deselected: tests marked for the other database, and

    on PostgreSQL those that start a portal of their own, which chooses its database itself.
    """
    for item in items:
        if {"portal", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("e2e")
    unwanted = {SQLITE: ["postgresql"], POSTGRES: ["sqlite", "e2e"]}[chosen_database()]
    out = [item for item in items if any(item.get_closest_marker(name) for name in unwanted)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def pytest_unconfigure():
    """A given server is left as it was found, by the controller once its workers are done."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given and chosen_database() == POSTGRES and "PYTEST_XDIST_WORKER" not in os.environ:
        drop_template(given, scratch=scratch())

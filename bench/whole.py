"""The whole country (or province) at once: floors, the product's own recompute and verification, stale rows made."""

from django.db import connection, transaction

from accounts import jobs
from criteria import engine, full_recompute, roll_up, verification
from criteria.statements import Ids

# One pass over every reading, and nothing sent to Python.
_GROUP_BY = """
    SELECT COUNT(*), SUM(n), SUM(s)
    FROM (SELECT assessment_id, COUNT(*) AS n, SUM(value) AS s FROM criteria_reading GROUP BY assessment_id) AS g
"""
# One folder in ten forgets what it was: the recompute has that much to write.
STALE_OF = 10
_STALE = (
    "UPDATE criteria_attainment SET failing = failing + 1, indicators = '{}', criteria_met = 0"
    f" WHERE assessment_id % {STALE_OF} = 0",
    "UPDATE criteria_rollup SET attained = 0, members = 0",
)
_DERIVED = ("criteria_attainment", "criteria_rollup")


class Wrong(Exception):
    """A form gave another result than it must: its time would mean nothing."""


def group_by() -> None:
    """The floor."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUP_BY)
        cursor.fetchall()


def make_stale() -> None:
    """Damage derived rows, and leave the tables as vacuum would."""
    with connection.cursor() as cursor:
        for statement in _STALE:
            cursor.execute(statement)
    tidy()


def tidy() -> None:
    """Dead rows of the rounds before burden no form."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {', '.join(_DERIVED)}")
            cursor.execute("CHECKPOINT")


def recompute() -> None:
    """The product's full recompute, chunk by chunk with its marks and transactions, done in this process."""
    job = jobs.work_here(full_recompute.ask(by=None, hint=False))
    if job.state != job.State.DONE:
        raise Wrong(f"the recompute ended {job.get_state_display()}: {job.reason}")


def recompute_at_once() -> None:
    """The engine alone over everything: one transaction, no chunks, no job; roll-ups in one statement a period."""
    with transaction.atomic():
        engine.recompute(engine.lock(engine.UNITS_OF_FOLDERS, Ids.every()))
        roll_up_all()


def roll_up_all() -> None:
    """Districts and provinces of every period from the masks of the communes: no reading is looked at."""
    roll_up.refresh_all()


def verify() -> None:
    """The product's verification from raw values; raises Wrong where it finds a fault."""
    _, faults = verification.verify_all()
    if faults:
        raise Wrong(f"verify found {len(faults)} faults, the first: {faults[0]}")


def rows() -> dict[str, int]:
    """Rows of the tables that the forms read and write."""
    found = {}
    with connection.cursor() as cursor:
        for table in ("criteria_reading", "criteria_assessment", *_DERIVED):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT COUNT(*) FROM criteria_reading WHERE state = 5 AND verdict IN (1, 3)")
        found["approved and met"] = cursor.fetchone()[0]
    return found

"""The feed as a test reads it: from where it stands when the test begins."""

import pytest
from django.db import connection

from exchange.queries import changes
from tests.api.conftest import api, as_problem, problem, read, send
from tests.proof.conftest import served
from tests.workflow.conftest import fill, folder, journey, open_round_2024, reading

__all__ = [
    "api",
    "as_problem",
    "fill",
    "folder",
    "journey",
    "number",
    "open_round_2024",
    "problem",
    "read",
    "reading",
    "send",
    "served",
]


def number() -> None:
    """What the commit does on PostgreSQL: give the transaction's changes their numbers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


class Follower:
    """Reads the feed on from where it read last."""

    def __init__(self) -> None:
        number()
        self.until = changes.watermark().last_seq

    def said(self, **wanted) -> list[changes.Line]:
        """What came since the last time."""
        number()
        found = changes.page(since=self.until, limit=1000, wanted=changes.Wanted(**wanted))
        self.until = found.until
        return found.lines

    def told(self, **wanted) -> list[tuple[str, str, str]]:
        """Kind, act and key of what came since the last time."""
        return [(line.kind, line.op, line.key) for line in self.said(**wanted)]


@pytest.fixture
def feed(db) -> Follower:
    return Follower()

"""How the engine's SQL is sent: one text for SQLite and PostgreSQL, over any number of rows.

A statement writes `column {ids}` where it names the rows that it works on: folders (assessment ids), units.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Ids:
    """The rows that a statement works on, as the condition after a column."""

    condition: str
    values: dict[str, Any]

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Ids":
        """These rows: one value however many they are, so that the text is always the same."""
        ordered = sorted(set(ids))
        if connection.vendor == "postgresql":
            return cls("= ANY(%(ids)s::bigint[])", {"ids": ordered})
        return cls("IN (SELECT value FROM json_each(%(ids)s))", {"ids": json.dumps(ordered)})

    @classmethod
    def every(cls) -> "Ids":
        """All rows."""
        return cls("IS NOT NULL", {})

    @classmethod
    def between(cls, after: int, last: int) -> "Ids":
        """Rows with ids above `after`, up to `last`."""
        return cls("BETWEEN %(after)s + 1 AND %(last)s", {"after": after, "last": last})


def run(statement: str, ids: Ids, **values: Any) -> tuple[int, list[tuple]]:
    """Execute a statement over the rows, with further named values; rows touched and rows returned."""
    given = {name: _adapted(value) for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{ids}", ids.condition), {**ids.values, **given})
        return cursor.rowcount, cursor.fetchall() if cursor.description else []


def _adapted(value: Any) -> Any:
    """A date or moment as the database keeps it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


class BitOr:
    """The aggregate that PostgreSQL has and SQLite lacks: the union of bits; None over nothing."""

    def __init__(self) -> None:
        self.bits: int | None = None

    def step(self, bits: int | None) -> None:
        if bits is not None:
            self.bits = bits if self.bits is None else self.bits | bits

    def finalize(self) -> int | None:
        return self.bits


def teach_sqlite(connection: Any, **_: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("bit_or", 1, BitOr)

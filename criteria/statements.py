"""How the engine's SQL is sent: one text for SQLite and PostgreSQL, over any number of rows.

A statement writes `column {ids}` where it names the rows that it works on: folders (assessment ids), units.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import md5
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# A statement as the driver takes it, with its values.
Call = tuple[str, Any]


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
    return together(call(statement, ids, **values))


def call(statement: str, ids: Ids, **values: Any) -> Call:
    """The statement ready for `together`."""
    given = ids.values | {name: _adapted(value) for name, value in values.items()}
    text = statement.replace("{ids}", ids.condition)
    return _prepared_call(text, given) if connection.vendor == "postgresql" else (text, given)


def together(*calls: Call) -> tuple[int, list[tuple]]:
    """Execute statements one after the other, on PostgreSQL in one journey; what the last one touched and returned.

    Each sees what those before it did, and what others committed before it began.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(calls) > 1:
            calls = (("; ".join(text for text, _ in calls), [value for _, values in calls for value in values]),)
        for text, values in calls:
            cursor.execute(text, values)
        return cursor.rowcount, cursor.fetchall() if cursor.description else []


# Planning these statements takes PostgreSQL several times as long as executing them for one unit. A connection plans
# each once (plan_cache_mode in the settings); SQLite's driver keeps its own. A pool must lend connections by session.
_TYPES = {list: "bigint[]", int: "bigint", str: "text", dt.datetime: "timestamptz", dt.date: "date"}
_NAMED = re.compile(r"%\((\w+)\)s")
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@lru_cache(maxsize=500)
def _numbered(text: str) -> tuple[str, str, tuple[str, ...]]:
    """A name for the statement, its text with numbered placeholders, and which value is which number."""
    names = tuple(dict.fromkeys(_NAMED.findall(text)))
    numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", text).replace("%%", "%")
    return f"ntm_{md5(numbered.encode(), usedforsecurity=False).hexdigest()}", numbered, names


def _prepared_call(text: str, given: dict[str, Any]) -> Call:
    name, numbered, names = _numbered(text)
    connection.ensure_connection()
    known = _prepared.setdefault(connection.connection, set())
    if name not in known:
        types = ", ".join(_TYPES[type(given[each])] for each in names)
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name}{f' ({types})' if types else ''} AS {numbered}")
        known.add(name)
    places = ", ".join(["%s"] * len(names))
    return f"EXECUTE {name}{f'({places})' if places else ''}", [_one(given[each]) for each in names]


def _one(value: Any) -> Any:
    """Ids as one literal: the driver would write an expression for each, and the server read it as such."""
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value


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


def trim_scale(number: float | str | None) -> str | None:
    """PostgreSQL's function: a number without the zeros behind its last digit."""
    return None if number is None else f"{Decimal(str(number)).normalize():f}"


def teach_sqlite(connection: Any, **_: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("bit_or", 1, BitOr)
        connection.connection.create_function("trim_scale", 1, trim_scale, deterministic=True)

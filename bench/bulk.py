"""P25: many values over the API in one request, beside the bare copy of the same rows."""

import io
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.approvals import SET, YEAR
from bench.country import rounds_of
from bench.measure import Figure, against
from bench.tables import Tables, value_of
from bench.timing import NotRun
from criteria.workbooks.slots import Slot

MOST, THOUSAND = 5000, 1000
_ROWS = "(unit text, code text, value text, PRIMARY KEY (unit, code))"


class Bulk:
    """The officer of the tables, who sends values as another system does."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.client = Client(raise_request_exception=False)
        self.client.force_login(tables.officer)

    def measure(self, rounds: int) -> dict[str, Figure]:
        """P25, the same for a thousand, and one value by itself: whole requests, each value another than before."""
        self.tables.empty()
        slots = self.tables.slots()
        many, some = self._bodies(slots[:MOST]), self._bodies(slots[MOST : MOST + THOUSAND])
        one = self._patches(slots[MOST + THOUSAND], rounds)
        times = rounds_of(
            {
                "many": (cache.clear, partial(self._send, many)),
                "copy": (_make_room, partial(_copy, slots[:MOST])),
                "some": (cache.clear, partial(self._send, some)),
                "one": (None, one),
            },
            rounds,
        )
        with CaptureQueriesContext(connection) as captured:
            self._send(many)
        notes: dict[str, Any] = {"body kB": len(many[0]) // 1000, "statements": len(captured)}
        return {
            "P25": against(times["many"], times["copy"], **notes),
            "P25-thousand": against(times["some"], times["copy"], **{"NetBox, NocoDB ms": "8000-14200, 280-470"}),
            "P25-one": against(times["one"], times["copy"], **{"NetBox, NocoDB ms": "69-120, 10"}),
        }

    def _bodies(self, slots: list[Slot]) -> list[bytes]:
        """Two requests that take turns: each value of the one is another than in the other."""
        return [json.dumps({"rows": [_row(slot, number) for slot in slots]}).encode() for number in (0, 1)]

    def _send(self, bodies: list[bytes]) -> None:
        body = bodies.pop(0)
        bodies.append(body)
        answer = self.client.post("/api/v1/readings/batch/", body, content_type="application/json")
        if answer.status_code != 200 or b'"unchanged":0' not in answer.content:
            raise NotRun(f"the values were not written: {answer.status_code} {answer.content[:300]!r}")

    def _patches(self, slot: Slot, rounds: int) -> Callable[[], None]:
        """A call that enters another value each time, with the version that the last answer gave."""
        seen, number = {"version": slot.version}, iter(range(10 * rounds + 100))

        def patch() -> None:
            sent = {"value": _row(slot, next(number) % 2)["value"], "version": seen["version"]}
            answer = self.client.patch(f"/api/v1/readings/{slot.pk}/", sent, content_type="application/json")
            if answer.status_code != 200:
                raise NotRun(f"the value was not entered: {answer.status_code} {answer.content[:300]!r}")
            seen["version"] = answer.json()["version"]

        return patch


def _row(slot: Slot, number: int) -> dict[str, Any]:
    key = {"area": slot.area_code, "period": YEAR, "set": SET, "input": slot.input.code}
    value = value_of(slot, number)
    return {**key, "value": round(value, 2) if isinstance(value, float) else value}


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_rows")
        cursor.execute(f"CREATE TABLE bench_rows {_ROWS}")


def _copy(slots: list[Slot]) -> None:
    """Floor: the rows as they are, nothing looked at, into a table with a key; committed."""
    lines = [f"{slot.area_code}\t{slot.input.code}\t{value_of(slot, 0)}\n" for slot in slots]
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert("COPY bench_rows FROM STDIN", io.StringIO("".join(lines)))

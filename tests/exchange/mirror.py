"""Another system's copy of the public lists: a snapshot, then the feed, through nothing but the API."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

# Shown on a row, but told of by the rows that they come from: recognitions, rounds, values, changes of units.
OF_OTHERS = {
    "attainment": {"recognised", "is_illustrative", "status", "input_watermark"},
    "readings": {"open_steps"},
    **dict.fromkeys(("communes", "districts"), {"predecessors", "successors", "exists"}),
}
KEYS = {"attainment": "assessment", "ocop/products": "code"}
UNITS = ("communes", "districts", "provinces")

Row = dict[str, Any]


class Mirror:
    """Rows by list and key. `lists` are those kept, with the parameters narrowing them; `wanted` those of the feed."""

    def __init__(self, lists: dict[str, list[dict[str, str]]], **wanted: str) -> None:
        self.lists, self.wanted, self.client = lists, wanted, Client()
        self.until = self._get("/api/v1/changes/", limit="1")["last_seq"]
        self.rows = self.snapshot()
        self.seen: list[int] = []

    def snapshot(self) -> dict[tuple[str, str], Row]:
        """Every list as it stands now."""
        found = {}
        for resource, narrowed in self.lists.items():
            for parameters in narrowed:
                for row in self._list(resource, parameters):
                    found[_key(resource, row)] = _own(resource, row)
        return found

    def catch_up(self) -> None:
        """Read the feed on, and each row that it tells of."""
        page = self._get("/api/v1/changes/", since=str(self.until), limit="50", **self.wanted)
        while True:
            for change in page["results"]:
                self._apply(change)
            self.until = page["until"]
            if page["next"] is None:
                return
            page = self._get(page["next"])

    def _apply(self, change: Row) -> None:
        self.seen.append(change["seq"])
        resource, address = change["resource"], change["address"]
        if resource not in self.lists:
            return
        if not address:
            self.rows.pop((resource, change["key"]), None)
            return
        row = self._get(address)
        self.rows[_key(resource, row)] = _own(resource, row)

    def _list(self, resource: str, parameters: dict[str, str]) -> list[Row]:
        page = self._get(f"/api/v1/{resource}/", limit="1000", **parameters)
        rows = page["results"]
        while page["next"]:
            page = self._get(page["next"])
            rows += page["results"]
        return rows

    def _get(self, address: str, **parameters: str) -> Any:
        parts = urlsplit(address)
        response = self.client.get(parts.path, {**dict(parse_qsl(parts.query)), **parameters})
        assert response.status_code == 200, (address, response.content)
        return response.json()

    def differing(self) -> list[tuple[str, str]]:
        """Keys of the lists as they stand now of which the mirror holds something else. Ended units it keeps."""
        lists, today = self.snapshot(), dt.date.today().isoformat()  # noqa: DTZ011
        held = {key: row for key, row in self.rows.items() if not (row.get("valid_to") or today) < today}
        return [key for key in lists.keys() | held.keys() if lists.get(key) != held.get(key)]


def _key(resource: str, row: Row) -> tuple[str, str]:
    """Codes of units are used again: a unit is its code and its first day."""
    if resource in UNITS:
        return resource, f"{row['code']} {row['valid_from']}"
    return resource, str(row[KEYS.get(resource, "id")])


def _own(resource: str, row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OF_OTHERS.get(resource, ())}

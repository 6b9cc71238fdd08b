"""A document as it is frozen: plain data that the three writers and the page of verification read alike.

    {"head": {…}, "type", "abstract", "marks": […], "blocks": [{"kind": "heading" | "paragraph" | "item", …}],
     "annexes": [{"label", "title", "note", "columns": [{"name", "share", "align", "group"?}], "rows": [[…]],
                  "is_small"?}],
     "recipients": […], "signer": {…}}

Cells of tables are numbers or words; numbers are written the Vietnamese way by whoever shows them.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from communes.templatetags.vietnamese import so

Paper = dict[str, Any]
_FOLDER = Path(__file__).resolve().parent


@cache
def layout() -> dict[str, Any]:
    """The measures of Decree 30."""
    return yaml.safe_load((_FOLDER / "layout.yaml").read_text(encoding="utf-8"))


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """The documents that can be asked for."""
    return yaml.safe_load((_FOLDER / "kinds.yaml").read_text(encoding="utf-8"))


def digest(paper: Paper) -> str:
    """SHA-256 of the document's content, whatever file it is written to."""
    said = json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def blocks_of(text: str) -> list[dict[str, Any]]:
    """The paragraphs of a rendered text: "# " and "## " begin headings, "- " an item; empty lines separate."""
    found: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        marks, _, rest = line.partition(" ")
        if marks in ("#", "##"):
            found.append({"kind": "heading", "level": len(marks), "text": rest})
        elif marks == "-":
            found.append({"kind": "item", "text": rest})
        else:
            found.append({"kind": "paragraph", "text": line})
    return found


def column(name: str, share: float, align: str = "left", group: str = "") -> dict[str, Any]:
    """A column of an annex; `share` is its part of the width, `group` the head that it shares with its neighbours."""
    return {"name": name, "share": share, "align": align, **({"group": group} if group else {})}


@dataclass(frozen=True)
class Head:
    """A cell of a table's head: where it begins, and how many rows and columns it takes."""

    name: str
    row: int
    column: int
    down: int = 1
    across: int = 1


def heads(columns: list[dict[str, Any]]) -> list[list[Head]]:
    """The head of a table: one row, or two where columns stand under a common name."""
    if not any(column.get("group") for column in columns):
        return [[Head(column["name"], 0, place) for place, column in enumerate(columns)]]
    above: list[Head] = []
    below: list[Head] = []
    for group, run in groupby(enumerate(columns), key=lambda each: each[1].get("group", "")):
        places = list(run)
        if group:
            above.append(Head(group, 0, places[0][0], across=len(places)))
            below += [Head(column["name"], 1, place) for place, column in places]
        else:
            above += [Head(column["name"], 0, place, down=2) for place, column in places]
    return [above, below]


def written(cell: Any) -> str:
    """A cell as paper shows it."""
    return so(cell) if isinstance(cell, int | float) else str(cell)


def inside(name: str) -> str:
    """A unit's name in the middle of a sentence: tỉnh Hà Tĩnh."""
    return name[:1].lower() + name[1:]

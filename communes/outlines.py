"""The drawn maps of the province: which one is right for a date, its outlines and its marks."""

import datetime as dt
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

GEO = Path(__file__).resolve().parent / "data" / "geo"


@dataclass(frozen=True)
class Outline:
    """A unit's outline: `path` is SVG; a name stands at (`x`, `y`), aligned by `align` (SVG text-anchor).

    `leader` is the point inside the outline where the line from an outside name ends; None: the name stands inside.
    """

    code: str
    path: str
    x: int
    y: int
    align: str = "middle"
    leader: tuple[int, int] | None = None


@dataclass(frozen=True)
class Map:
    """A drawn map: its view box, the days it is right for, outlines, and places of units drawn as marks by code.

    `bounds` are the degrees that it covers: west, south, east, north; None where the map was drawn without telling.
    """

    width: int
    height: int
    valid_from: dt.date
    valid_to: dt.date | None
    outlines: tuple[Outline, ...]
    marks: dict[str, tuple[int, int]]
    source: str
    licence: str
    bounds: tuple[float, float, float, float] | None = None


def map_on(on: dt.date) -> Map | None:
    """The map of the units of `on`; None where no outlines are known (before 2020, the first half of 2025)."""
    return next((drawn for drawn in _maps() if drawn.valid_from <= on <= (drawn.valid_to or dt.date.max)), None)


def own_folder() -> Path:
    """Where maps lie that the province loaded itself (manage.py load_outlines): they come before the portal's own."""
    return Path(settings.DATA_DIR) / "geo"


def keep(path: Path, content: dict[str, Any]) -> None:
    """Write a map so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".new")
    making.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    os.replace(making, path)


def _maps() -> tuple[Map, ...]:
    own = sorted(own_folder().glob("*.json"))
    return _all(tuple((path, path.stat().st_mtime_ns) for path in own))


@cache
def _all(own: tuple[tuple[Path, int], ...]) -> tuple[Map, ...]:
    """All maps; read again when one of the province's own is written anew."""
    return tuple(_read(path) for path in [*(path for path, _ in own), *sorted(GEO.glob("*.json"))])


def _read(path: Path) -> Map:
    content = json.loads(path.read_text(encoding="utf-8"))
    return Map(
        width=content["width"],
        height=content["height"],
        valid_from=dt.date.fromisoformat(content["valid_from"]),
        valid_to=dt.date.fromisoformat(content["valid_to"]) if content["valid_to"] else None,
        outlines=tuple(_outline(row) for row in content["areas"]),
        marks={code: tuple(place) for code, place in content.get("marks", {}).items()},
        source=content["source"],
        licence=content["licence"],
        bounds=tuple(content["bounds"]) if "bounds" in content else None,
    )


def _outline(row: dict[str, Any]) -> Outline:
    x, y = row.get("label") or row["anchor"]
    leader = tuple(row["leader"]) if "leader" in row else None
    return Outline(code=row["code"], path=row["path"], x=x, y=y, align=row.get("align", "middle"), leader=leader)

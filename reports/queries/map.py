"""The province as a map: quiet land, one mark for each xã, its shape the tier that it holds by decision."""

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from communes.models import Area, Kind
from reports.queries.holdings import Holdings
from reports.queries.units import Unit, is_rural

_FOLDER = Path(settings.BASE_DIR) / "communes" / "data" / "geo"
_SHAPES = {"ntm": 1, "advanced": 2, "model": 3}
ALARM = 4
_ABBREVIATED: dict[str, str] = {Kind.CITY: "TP", Kind.TOWN: "TX"}


@dataclass(frozen=True)
class Mark:
    """A xã at a point of the view box. `shape`: 0 not recognised, 1–3 the tiers, 4 recognised but failing now."""

    code: str
    name: str
    x: float
    y: float
    shape: int


@dataclass(frozen=True)
class Outline:
    """A district's outline with its name outside the land, or a unit of 2025 filled by its tier."""

    code: str
    name: str
    path: str
    shape: int
    leader: tuple[float, float] | None
    label: tuple[float, float] | None
    align: str


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    outlines: list[Outline]
    marks: list[Mark]

    @property
    def view_box(self) -> str:
        """With room at the sides for the names."""
        return f"-50 -20 {self.width + 100} {self.height + 40}"

    @property
    def counts(self) -> dict[int, int]:
        """How many units each shape stands for."""
        shown = [mark.shape for mark in self.marks] or [outline.shape for outline in self.outlines]
        return {shape: shown.count(shape) for shape in sorted(set(shown))}


def map_of(on: dt.date, units: list[Unit], held: Holdings, failing: set[int]) -> Map | None:
    """The map that is right on the date, drawn from files alone; None where no outlines of that day are held."""
    drawn = next((found for found in _drawings() if _covers(found, on)), None)
    if drawn is None:
        return None
    shapes = {unit.area.code: _shape(unit.area.pk, held, failing) for unit in units if is_rural(unit.area)}
    names = {unit.area.code: unit.area.name for unit in units}
    names |= _district_names({unit.district for unit in units if unit.district})
    return Map(
        width=drawn["width"],
        height=drawn["height"],
        outlines=[_outline(entry, names, shapes) for entry in drawn["areas"]],
        marks=[
            Mark(code, names[code], x, y, shapes[code])
            for code, (x, y) in drawn.get("marks", {}).items()
            if code in shapes
        ],
    )


def _district_names(districts: set[Area]) -> dict[str, str]:
    """Short names; with the kind where two share one (huyện Kỳ Anh, thị xã Kỳ Anh) or the province does."""
    used = Counter(area.short_name for area in districts)
    return {area.code: _district_name(area, shared=used[area.short_name] > 1) for area in districts}


def _district_name(area: Area, *, shared: bool) -> str:
    if area.kind == Kind.CITY or (shared and area.kind in _ABBREVIATED):
        return f"{_ABBREVIATED[area.kind]} {area.short_name}"
    return area.name if shared else area.short_name


@cache
def _drawings() -> tuple[dict[str, Any], ...]:
    return tuple(
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.json")) if path.is_file()
    )


def _covers(drawn: dict[str, Any], on: dt.date) -> bool:
    return drawn["valid_from"] <= on.isoformat() <= (drawn["valid_to"] or "9999")


def _shape(area_id: int, held: Holdings, failing: set[int]) -> int:
    if area_id in failing:
        return ALARM
    recognition = held.highest(area_id)
    return _SHAPES.get(recognition.tier, 0) if recognition else 0


def _outline(entry: dict[str, Any], names: dict[str, str], shapes: dict[str, int]) -> Outline:
    return Outline(
        code=entry["code"],
        name=names.get(entry["code"], ""),
        path=entry["path"],
        shape=shapes.get(entry["code"], 0),
        leader=tuple(entry["leader"]) if "leader" in entry else None,
        label=tuple(entry["label"]) if "label" in entry else None,
        align=entry.get("align", "start"),
    )

"""The province as a map: quiet land, one mark for each xã (before July 2025) or a filled outline, by some measure."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from communes.models import Area, Kind
from communes.outlines import Map as Drawn
from communes.outlines import map_on
from reports.queries.holdings import Holdings
from reports.queries.units import Unit, is_rural

TIER_SHAPES = {"ntm": 1, "advanced": 2, "model": 3}
ALARM = 4
TIER_WORDS = {
    0: "Chưa công nhận",
    1: "NTM",
    2: "NTM nâng cao",
    3: "NTM kiểu mẫu",
    4: "Đã công nhận, nay chưa đủ tiêu chí",
}
_ABBREVIATED: dict[str, str] = {Kind.CITY: "TP", Kind.TOWN: "TX"}


@dataclass(frozen=True)
class Painting:
    """What a measure gives each unit, by its code: a shape from 0 to 4, and its value in words."""

    title: str
    shapes: dict[str, int]
    words: dict[int, str]
    said: dict[str, str] = field(default_factory=dict)
    is_illustrative: bool = False


@dataclass(frozen=True)
class Mark:
    """A xã at a point of the view box."""

    code: str
    name: str
    x: float
    y: float
    shape: int
    said: str


@dataclass(frozen=True)
class Outline:
    """A district's outline with its name outside the land, or a unit of 2025 filled by its shape."""

    code: str
    name: str
    path: str
    shape: int
    leader: tuple[float, float] | None
    label: tuple[float, float] | None
    align: str
    said: str


@dataclass(frozen=True)
class Map:
    """`title` says what is painted; `key` each shape with its words and how many units it stands for."""

    title: str
    width: int
    height: int
    outlines: list[Outline]
    marks: list[Mark]
    words: dict[int, str]
    source: str
    licence: str

    @property
    def view_box(self) -> str:
        """With room at the sides for the names."""
        return f"-50 -20 {self.width + 100} {self.height + 40}"

    @property
    def key(self) -> list[tuple[int, str, int]]:
        shown = Counter([mark.shape for mark in self.marks] or [outline.shape for outline in self.outlines])
        return [(shape, self.words[shape], shown[shape]) for shape in sorted(shown)]


def map_of(on: dt.date, units: list[Unit], held: Holdings, failing: set[int]) -> Map | None:
    """The map by tiers held; None where no outlines of that day are held."""
    return painted(on, units, by_tier(units, held, failing))


def by_tier(units: list[Unit], held: Holdings, failing: set[int]) -> Painting:
    """The tier that each xã holds by decision, and those whose approved values now fail it."""
    shapes = {unit.area.code: _tier_shape(unit.area.pk, held, failing) for unit in units if is_rural(unit.area)}
    said = {code: TIER_WORDS[shape] for code, shape in shapes.items()}
    return Painting("bậc được công nhận", shapes, TIER_WORDS, said)


def _tier_shape(area_id: int, held: Holdings, failing: set[int]) -> int:
    if area_id in failing:
        return ALARM
    recognition = held.highest(area_id)
    return TIER_SHAPES.get(recognition.tier, 0) if recognition else 0


def painted(on: dt.date, units: list[Unit], painting: Painting) -> Map | None:
    """The map that is right on the date; None where no outlines of that day are held. No statement."""
    drawn = map_on(on)
    if drawn is None:
        return None
    names = {unit.area.code: unit.area.name for unit in units}
    names |= _district_names({unit.district for unit in units if unit.district})
    return Map(
        title=painting.title,
        width=drawn.width,
        height=drawn.height,
        outlines=_outlines(drawn, names, painting),
        marks=[
            Mark(code, names[code], x, y, painting.shapes[code], painting.said.get(code, ""))
            for code, (x, y) in drawn.marks.items()
            if code in painting.shapes and code in names
        ],
        words=painting.words,
        source=drawn.source,
        licence=drawn.licence,
    )


def _outlines(drawn: Drawn, names: dict[str, str], painting: Painting) -> list[Outline]:
    return [
        Outline(
            code=each.code,
            name=names.get(each.code, ""),
            path=each.path,
            shape=painting.shapes.get(each.code, 0),
            leader=each.leader,
            label=(each.x, each.y) if each.leader else None,
            align=each.align,
            said=painting.said.get(each.code, ""),
        )
        for each in drawn.outlines
    ]


def _district_names(districts: set[Area]) -> dict[str, str]:
    """Short names; with the kind where two share one (huyện Kỳ Anh, thị xã Kỳ Anh) or the province does."""
    used = Counter(area.short_name for area in districts)
    return {area.code: _district_name(area, shared=used[area.short_name] > 1) for area in districts}


def _district_name(area: Area, *, shared: bool) -> str:
    if area.kind == Kind.CITY or (shared and area.kind in _ABBREVIATED):
        return f"{_ABBREVIATED[area.kind]} {area.short_name}"
    return area.name if shared else area.short_name

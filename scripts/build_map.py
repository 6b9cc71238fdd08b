"""Draws the two maps of the province from outlines and registers, once, at build time; the results are committed.

    python -m pip install -r requirements.txt -r requirements-map.txt && python scripts/build_map.py

No outlines of the districts of 2024 are at hand under a free licence: each is approximated by joining the units of 2025
that most of its communes went into. A unit of 2024 is a mark somewhere inside the outline of its successor.
"""

import datetime as dt
import json
import math
import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Point, box, shape

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ntm_portal.settings")

import django  # noqa: E402

django.setup()

from communes import registers  # noqa: E402
from communes.loading import UNITS  # noqa: E402
from communes.models import LEVEL_OF_KIND, Kind, Level  # noqa: E402
from communes.units import Key, Territory, Unit  # noqa: E402

GEO = ROOT / "communes" / "data" / "geo"
SOURCE = GEO / "hatinh-communes-2025-s150m.geojson"
BEFORE, AFTER = dt.date(2024, 12, 31), dt.date(2025, 7, 1)
WIDTH = 1000
# Outlines lose details smaller than this; marks stand this far apart (a map is about 120 m to the unit).
DETAIL, APART = 2, 15
# Labels: width of a letter, height of a line, room around; reach of a leader line, and what crossing a mark costs.
LETTER, LINE, ROOM, REACH, OVER_MARK = 9, 20, 5, 190, 25
ABBREVIATION = {Kind.CITY: "TP ", Kind.TOWN: "TX "}

Outlines = dict[str, shapely.Geometry]


def main() -> None:
    territory = registers.read(UNITS)
    outlines, bounds, height = projected(json.loads(SOURCE.read_text(encoding="utf-8")))
    frame = {"bounds": bounds, "height": height}
    homes, parents = succession(territory, outlines)
    areas = [{"code": code, "path": path_of(one), "anchor": inner_point(one)} for code, one in sorted(outlines.items())]
    write("communes-2025.json", **frame, valid_from=str(AFTER), valid_to=None, areas=areas)
    districts = joined(homes, parents, outlines)
    marks = spread(homes, outlines)
    names = {unit.code: label_text(unit) for unit in territory.units.values() if BEFORE in unit.span}
    labels = labelled(districts, names, marks, height)
    areas = [{"code": code, "path": path_of(one), **labels[code]} for code, one in sorted(districts.items())]
    first = min(change.effective_on for change in territory.changes)
    write("districts-2024.json", **frame, valid_from=str(first), valid_to=str(BEFORE), areas=areas, marks=marks)
    report(marks, homes, outlines)


def write(file: str, **content: object) -> None:
    credit = {"source": "github.com/thanglequoc/vietnamese-provinces-database", "licence": "MIT", "width": WIDTH}
    text = json.dumps(credit | content, ensure_ascii=False, separators=(",", ":"))
    (GEO / file).write_text(f"{text}\n", encoding="utf-8")
    print(f"{file}: {len(text.encode()) / 1000:.1f} kB")


def report(marks: dict, homes: dict, outlines: Outlines) -> None:
    places = np.array(list(marks.values()), dtype=float)
    home_of = {code: home for home, codes in homes.items() for code in codes}
    outside = [code for code, place in marks.items() if not outlines[home_of[code]].buffer(1).covers(Point(place))]
    print(f"{len(marks)} marks, {nearest(places).min():.1f} apart or more; outside their successor: {outside}")


# Outlines


def projected(collection: dict) -> tuple[Outlines, list[float], int]:
    """Outlines by code on a plane 1000 wide, y downwards, simplified together so that common borders stay common.

    With the degrees that the plane covers (west, south, east, north) and its height.
    """
    shapes = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in collection["features"]}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def to_plane(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(((xy[:, 0] - west) * squeeze * scale, (north - xy[:, 1]) * scale))

    simple = shapely.coverage_simplify([shapely.transform(one, to_plane) for one in shapes.values()], DETAIL)
    bounds = [float(degree) for degree in (west, south, east, north)]
    return dict(zip(shapes, simple, strict=True)), bounds, math.ceil((north - south) * scale)


def path_of(outline: shapely.Geometry) -> str:
    """An SVG path in whole units, relative after each start."""
    polygons = [one for one in shapely.get_parts(outline) if one.area > DETAIL**2]
    rings = [ring for one in polygons for ring in (one.exterior, *one.interiors)]
    return "".join(ring_path(np.rint(ring.coords[:-1]).astype(int)) for ring in rings)


def ring_path(corners: np.ndarray) -> str:
    steps = [step for step in np.diff(corners, axis=0).tolist() if any(step)]
    numbers = "".join(f" {number}" if number >= 0 else str(number) for step in steps for number in step)
    return f"M{corners[0][0]} {corners[0][1]}l{numbers.strip()}z"


def inner_point(outline: shapely.Geometry) -> list[int]:
    """The point of an outline that is farthest from its border."""
    centre = shapely.maximum_inscribed_circle(outline).coords[0]
    return [round(centre[0]), round(centre[1])]


# What went where


def succession(territory: Territory, outlines: Outlines) -> tuple[dict, dict]:
    """Codes of 2024 by the code of the unit of 2025 they went into, and each one's district of 2024.

    A unit that was split stands in the largest of its heirs.
    """
    next_units = defaultdict(set)
    for change in territory.changes:
        if change.new:
            next_units[change.old].add(change.new)
    homes, parents = defaultdict(list), {}
    for position in sorted(territory.positions, key=lambda position: position.unit[0]):
        unit = territory.units[position.unit]
        if BEFORE in position.span and LEVEL_OF_KIND[unit.kind] == Level.COMMUNE:
            heirs = heirs_of(unit.key, next_units, territory)
            homes[max(heirs, key=lambda code: (outlines[code].area, code))].append(unit.code)
            parents[unit.code] = position.parent[0]
    return dict(sorted(homes.items())), parents


def heirs_of(key: Key, next_units: dict, territory: Territory) -> set[str]:
    if AFTER in territory.units[key].span:
        return {key[0]}
    return {code for heir in next_units[key] if heir != key for code in heirs_of(heir, next_units, territory)}


def joined(homes: dict, parents: dict, outlines: Outlines) -> Outlines:
    """Districts of 2024, each the union of the units of 2025 that took in more of its communes than another's."""
    members = defaultdict(list)
    for home, codes in homes.items():
        votes = Counter(parents[code] for code in codes)
        members[max(sorted(votes), key=votes.__getitem__)].append(outlines[home])
    return {code: shapely.union_all(parts) for code, parts in members.items()}


# Marks


def spread(homes: dict, outlines: Outlines) -> dict[str, list[int]]:
    """A place for each unit of 2024: inside its successor where there is room, never nearer than APART to another."""
    codes = [code for members in homes.values() for code in members]
    fields = [outlines[home].buffer(-4) for home, members in homes.items() for _ in members]
    places = np.vstack([seats(outlines[home], len(members)) for home, members in homes.items()])
    for turn in range(1500):
        places = pushed(places, APART + 1.5)
        if turn < 1300 and turn % 3 == 0:
            places = drawn_home(places, fields)
    return {code: [round(x), round(y)] for code, (x, y) in zip(codes, places, strict=True)}


def seats(outline: shapely.Geometry, count: int) -> np.ndarray:
    """`count` points spread over an outline, from left to right: the centres of equal shares of it."""
    field = outline.buffer(-5) if outline.buffer(-5).area else outline
    west, north, east, south = field.bounds
    grid = np.array([(x, y) for x in np.arange(west, east, 2.5) for y in np.arange(north, south, 2.5)])
    grid = grid[shapely.contains_xy(field, grid)]
    centres = grid[np.linspace(0, len(grid) - 1, count * 2 + 1).astype(int)[1::2]].copy()
    for _ in range(40):
        owner = np.argmin(np.linalg.norm(grid[:, None] - centres[None], axis=2), axis=1)
        centres = np.array([grid[owner == i].mean(axis=0) if (owner == i).any() else centres[i] for i in range(count)])
    return centres[np.lexsort((centres[:, 1], centres[:, 0]))]


def nearest(places: np.ndarray) -> np.ndarray:
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return apart


def pushed(places: np.ndarray, wanted: float) -> np.ndarray:
    """Every two points nearer than `wanted` step away from each other."""
    away = places[:, None] - places[None]
    apart = nearest(places)
    lack = np.clip(wanted - apart, 0, None) / 2
    return places + (away / np.maximum(apart, 0.01)[:, :, None] * (lack * 0.6)[:, :, None]).sum(axis=1)


def drawn_home(places: np.ndarray, fields: list[shapely.Geometry]) -> np.ndarray:
    """Every point outside its field steps back towards it."""
    back = shapely.shortest_line(shapely.points(places), np.array(fields, dtype=object))
    targets = np.array([line.coords[-1] for line in back])
    return places + (targets - places) * 0.35


# Labels


def label_text(unit: Unit) -> str:
    return ABBREVIATION.get(unit.kind, "") + unit.short_name


def labelled(districts: Outlines, names: dict[str, str], marks: dict, height: int) -> dict[str, dict]:
    """A place outside the land for each district's name, with a leader line into it that runs past the marks."""
    land, frame = shapely.union_all(list(districts.values())).buffer(ROOM), box(0, 0, WIDTH, height)
    dots = shapely.points(np.array(list(marks.values()), dtype=float))
    taken: list[shapely.Geometry] = []
    found = {}
    for code in sorted(districts, key=lambda code: (inner_point(districts[code])[1], code)):
        places = label_places(districts[code], len(names[code]) * LETTER)
        free = [place for place in places if frame.covers(place.room) and not place.room.intersects(land)]
        clear = [place for place in free if not shapely.intersects([place.room, place.line], taken_by(taken)).any()]
        best = min(
            clear, key=lambda place: place.line.length + OVER_MARK * (shapely.distance(dots, place.line) < 8).sum()
        )
        taken += [best.room, best.line]
        leader = [round(number) for number in best.line.coords[0]]
        found[code] = {"leader": leader, "label": [best.x, best.y], "align": best.align}
    return found


def taken_by(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all(shapes) if shapes else Point()


def label_places(outline: shapely.Geometry, width: int) -> list["Place"]:
    """Places for a label `width` wide around an outline, each with its leader line, which starts inside the outline."""
    field = outline.buffer(-12)
    west, north, east, south = (round(number) for number in outline.bounds)
    places = []
    for x in range(west - REACH, east + REACH, 8):
        for y in range(north - REACH, south + REACH, 8):
            line = shapely.shortest_line(field, Point(x, y - LINE / 3))
            if 0 < line.length < REACH:
                align = "start" if x > line.coords[0][0] else "end"
                left = x if align == "start" else x - width
                places.append(Place(x, y, align, box(left - ROOM, y - LINE, left + width + ROOM, y + ROOM), line))
    return places


@dataclass(frozen=True)
class Place:
    """A label's place: the start or end of its base line, the room it takes, its leader line."""

    x: int
    y: int
    align: str
    room: shapely.Geometry
    line: shapely.Geometry


if __name__ == "__main__":
    main()

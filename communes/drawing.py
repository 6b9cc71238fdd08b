"""A province's own GeoJSON as a map of the portal: checked whole, projected, and rounded to the grid of the drawing.

Points that meet in one cell of the grid are one point, so neighbours keep their border; no other package is needed.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

WIDTH = 1000
# Degrees within which every place of the country lies: what is outside was written in another system of coordinates.
EAST_WEST, NORTH_SOUTH = (102.0, 118.0), (6.0, 24.0)
LARGEST = 200_000_000

Ring = list[tuple[float, float]]
Cells = list[tuple[int, int]]


class WrongOutlines(ValueError):
    """What is wrong with the file, in words for whoever sent it."""


def read(text: str, *, field: str) -> dict[str, list[Ring]]:
    """The rings of each feature by the code in its property `field`. Raises WrongOutlines."""
    try:
        found = json.loads(text)
        features = found["features"] if found["type"] == "FeatureCollection" else None
    except (ValueError, TypeError, KeyError):
        features = None
    if not isinstance(features, list):
        raise WrongOutlines("not a GeoJSON FeatureCollection")
    rings: dict[str, list[Ring]] = {}
    for number, feature in enumerate(features, start=1):
        code, of_feature = _feature(feature, number, field)
        if code in rings:
            raise WrongOutlines(f"feature {number}: code {code} stands twice")
        rings[code] = of_feature
    return rings


def _feature(feature: Any, number: int, field: str) -> tuple[str, list[Ring]]:
    try:
        code, geometry = str(feature["properties"][field]).strip(), feature["geometry"]
        polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
        rings = [[(float(x), float(y)) for x, y, *_ in ring] for polygon in polygons for ring in polygon]
    except (KeyError, TypeError, ValueError) as wrong:
        raise WrongOutlines(f"feature {number}: no property {field}, or neither Polygon nor MultiPolygon") from wrong
    for x, y in (point for ring in rings for point in ring):
        if not (EAST_WEST[0] <= x <= EAST_WEST[1] and NORTH_SOUTH[0] <= y <= NORTH_SOUTH[1]):
            raise WrongOutlines(f"feature {number} ({code}): {x}, {y} is no longitude, latitude of Viet Nam (WGS 84)")
    if not any(len(ring) > 3 for ring in rings):
        raise WrongOutlines(f"feature {number} ({code}): an outline without area")
    return code, rings


def drawn(rings: dict[str, list[Ring]]) -> dict[str, Any]:
    """Width, height, degrees covered and the areas of the drawing: code, SVG path, a point inside."""
    points = [point for of_unit in rings.values() for ring in of_unit for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def cells(ring: Ring) -> Cells:
        return _thinned([(round((x - west) * squeeze * scale), round((north - y) * scale)) for x, y in ring])

    areas = []
    for code, of_unit in sorted(rings.items()):
        outline = [found for ring in of_unit if len(found := cells(ring)) > 2]
        if not outline:
            raise WrongOutlines(f"unit {code} is too small to be drawn")
        areas.append({"code": code, "path": "".join(map(_path, outline)), "anchor": _inside(outline)})
    height = math.ceil((north - south) * scale)
    return {"width": WIDTH, "bounds": [west, south, east, north], "height": height, "areas": areas}


def _thinned(cells: Cells) -> Cells:
    """Without repeated points, and without those on a straight line between their neighbours."""
    ring = [cell for place, cell in enumerate(cells) if cell != cells[place - 1]]
    if len(ring) < 3:
        return []
    pairs = zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
    return [at for before, at, after in pairs if _turns(before, at, after)]


def _turns(before: tuple[int, int], at: tuple[int, int], after: tuple[int, int]) -> bool:
    return (at[0] - before[0]) * (after[1] - at[1]) != (at[1] - before[1]) * (after[0] - at[0])


def _path(ring: Cells) -> str:
    steps = "".join(f"{_signed(x1 - x0)}{_signed(y1 - y0)}" for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False))
    return f"M{ring[0][0]} {ring[0][1]}l{steps.strip()}z"


def _signed(number: int) -> str:
    return f" {number}" if number >= 0 else str(number)


def _inside(outline: list[Cells]) -> list[int]:
    """A point well inside: the middle of the widest stretch of land on a few lines across the outline."""
    rows = [y for ring in outline for _, y in ring]
    top, bottom = min(rows), max(rows)
    stretches = [stretch for part in (2, 3, 4, 5, 6) for stretch in _across(outline, top + (bottom - top) * part / 8)]
    if not stretches:
        return list(max(outline, key=len)[0])
    start, end, y = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return [round((start + end) / 2), round(y)]


def _across(outline: list[Cells], y: float) -> Iterator[tuple[float, float, float]]:
    """The stretches of land on a horizontal line: start, end, and the line."""
    crossings = []
    for ring in outline:
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y0 > y) != (y1 > y):
                crossings.append(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    crossings.sort()
    for start, end in zip(crossings[::2], crossings[1::2], strict=False):
        yield start, end, y

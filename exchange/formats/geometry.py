"""Outlines and marks of the drawn map as GeoJSON geometry: longitude and latitude (CRS84), rings as RFC 7946 asks."""

import re
from typing import Any

from communes.outlines import Map

Point = tuple[float, float]
Ring = list[Point]

_NUMBER = re.compile(r"-?[0-9]+")
_DECIMALS = 5  # a metre; the drawing's own grid is about 150 m


class Place:
    """Turns places of the drawing into degrees."""

    def __init__(self, drawn: Map) -> None:
        assert drawn.bounds is not None
        self.west, south, self.east, self.north = drawn.bounds
        self.degree_x = (self.east - self.west) / drawn.width
        self.degree_y = (self.north - south) / drawn.height

    def point(self, x: float, y: float) -> Point:
        return round(self.west + x * self.degree_x, _DECIMALS), round(self.north - y * self.degree_y, _DECIMALS)

    def outline(self, path: str) -> dict[str, Any]:
        """The geometry of an SVG path of the drawing: one polygon, or several."""
        polygons = _polygons([[self.point(*place) for place in ring] for ring in _rings(path)])
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}

    def mark(self, x: float, y: float) -> dict[str, Any]:
        """The geometry of a unit of which only a place is known."""
        return {"type": "Point", "coordinates": self.point(x, y)}


def _rings(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each ring: a start, then steps from corner to corner."""
    found = []
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in _NUMBER.findall(part)]
        x, y = numbers[:2]
        ring = [(x, y)]
        for step_x, step_y in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + step_x, y + step_y
            ring.append((x, y))
        found.append(ring)
    return found


def _polygons(rings: list[Ring]) -> list[list[Ring]]:
    """Each outer ring with the holes inside it; outer rings turn left, holes right, and each ends where it began."""
    outer = [ring for ring in rings if not any(_inside(ring, other) for other in rings if other is not ring)]
    polygons = []
    for ring in outer:
        holes = [other for other in rings if other is not ring and _inside(other, ring)]
        polygons.append([_turned(ring, left=True), *(_turned(hole, left=False) for hole in holes)])
    return polygons


def _inside(ring: Ring, other: Ring) -> bool:
    """Whether the first corner of `ring` lies within `other`."""
    x, y = ring[0]
    crossings = 0
    for (x0, y0), (x1, y1) in zip(other, other[1:] + other[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossings += 1
    return crossings % 2 == 1


def _turned(ring: Ring, *, left: bool) -> Ring:
    doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True))
    turned = ring if (doubled > 0) == left else ring[::-1]
    return [*turned, turned[0]]

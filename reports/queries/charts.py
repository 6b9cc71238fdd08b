"""Small charts as numbers for an SVG that the server draws: no script, no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from communes.templatetags.vietnamese import so_mot

Number = Decimal | float | int
WIDTH, HEIGHT, MARGIN = 72, 20, 3


@dataclass(frozen=True)
class Spark:
    """A line of values in a box of 72 × 20, its last point marked; `label` says the same in words."""

    points: str
    x: float
    y: float
    label: str


def spark(values: Sequence[tuple[str, Number]], *, least: Number, most: Number) -> Spark | None:
    """The line of named values on the scale least–most; None where there is nothing to draw."""
    if not values:
        return None
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    places = [(round(MARGIN + step * n, 1), _height(value, least, most)) for n, (_, value) in enumerate(values)]
    if len(places) == 1:
        places = [(WIDTH - MARGIN, places[0][1])]
    label = "; ".join(f"{name}: {so_mot(value)}" for name, value in values)
    return Spark(" ".join(f"{x},{y}" for x, y in places), *places[-1], label)


def _height(value: Number, least: Number, most: Number) -> float:
    span = float(most) - float(least) or 1.0
    share = min(1.0, max(0.0, (float(value) - float(least)) / span))
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)


@dataclass(frozen=True)
class Point:
    """A value on a chart with its words: the figure above, the name below."""

    x: float
    y: float
    figure: str
    name: str


@dataclass(frozen=True)
class Box:
    """The size of a chart and the room left for its words."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def base(self) -> int:
        return self.height - self.bottom

    @property
    def end(self) -> int:
        return self.width - self.right


WIDE = Box(360, 120, left=24, right=62, top=22, bottom=22)
SMALL = Box(160, 64, left=14, right=36, top=10, bottom=18)


@dataclass(frozen=True)
class Line:
    """Values over time with the height of the threshold, if there is one."""

    box: Box
    points: list[Point]
    bound: float | None
    bound_figure: str
    label: str

    @property
    def polyline(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def last(self) -> Point:
        return self.points[-1]


def line(
    values: Sequence[tuple[str, Number]],
    bound: Number | None = None,
    *,
    box: Box = WIDE,
    scale: tuple[Number, Number] | None = None,
) -> Line | None:
    """A chart on the scale given, else from zero (or the least value below it) to the largest number."""
    if not values:
        return None
    numbers = [float(value) for _, value in values] + ([float(bound)] if bound is not None else [])
    least, most = (float(scale[0]), float(scale[1])) if scale else (min(0.0, *numbers), max(*numbers, 0.0))
    span = (most - least) or 1.0
    step = (box.end - box.left) / max(len(values) - 1, 1)

    def height(value: Number) -> float:
        return round(box.base - (float(value) - least) / span * (box.base - box.top), 1)

    points = [
        Point(round(box.left + step * n, 1), height(value), so_mot(value), name)
        for n, (name, value) in enumerate(values)
    ]
    said = "; ".join(f"{point.name}: {point.figure}" for point in points)
    level = so_mot(bound) if bound is not None else ""
    return Line(box, points, height(bound) if bound is not None else None, level, said)

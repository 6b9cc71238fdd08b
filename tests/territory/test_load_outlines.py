"""The province's own outlines: taken in whole, or refused with what is wrong."""

import datetime as dt
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent
from communes import drawing, epochs
from communes.models import Area, Level
from communes.outlines import GEO, map_on

SINCE = dt.date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def collection() -> dict:
    return json.loads((GEO / "hatinh-communes-2025-s150m.geojson").read_text(encoding="utf-8"))


@pytest.fixture
def load(tmp_path):
    """`load(collection)`: the file written and taken in."""

    def run(content, **options):
        file = tmp_path / "sent.geojson"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        told = {"valid_from": SINCE, "source": "Sở TN&MT Hà Tĩnh", "licence": "CC BY 4.0", "verbosity": 0, **options}
        call_command("load_outlines", file, **told)

    return run


@pytest.mark.django_db
def test_the_map_is_drawn_from_them_at_once_with_their_source_and_the_history_tells_of_it(load, collection, visitor):
    before = epochs.current()
    load(collection)
    drawn = map_on(SINCE)
    assert {outline.code for outline in drawn.outlines} == set(
        Area.objects.as_of(SINCE).filter(level=Level.COMMUNE).values_list("code", flat=True)
    )
    page = visitor.get(reverse("reports:map"), {"nhin-tu": "2025-08-01"}).content.decode()
    assert "Sở TN&amp;MT Hà Tĩnh" in page
    assert epochs.current() == before + 1
    assert AuditEvent.objects.filter(action="outlines.load").count() == 1


def corners(path: str) -> list[list[tuple[int, int]]]:
    """The rings of a drawn path."""
    rings = []
    for part in filter(None, path.split("z")):
        start, _, steps = part[1:].partition("l")
        x, y = map(int, start.split())
        ring, numbers = [(x, y)], list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def is_inside(point: list[int], rings: list[list[tuple[int, int]]]) -> bool:
    x, y = point[0] + 0.01, point[1] + 0.01
    crossed = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y0 > y) != (y1 > y):
                crossed += x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return crossed % 2 == 1


def test_every_unit_is_drawn_with_a_point_inside_and_shares_its_border_with_neighbours(collection):
    made = drawing.drawn(drawing.read(json.dumps(collection), field="code"))
    drawn = {area["code"]: corners(area["path"]) for area in made["areas"]}
    assert made["width"] == 1000
    assert [area["code"] for area in made["areas"] if not is_inside(area["anchor"], drawn[area["code"]])] == []
    points = {code: {point for ring in rings for point in ring} for code, rings in drawn.items()}
    alone = [
        code for code, own in points.items() if not any(own & other for key, other in points.items() if key != code)
    ]
    assert alone == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda found: "{", "not a GeoJSON FeatureCollection"),
        (lambda found: {"type": "Feature"}, "not a GeoJSON FeatureCollection"),
        (lambda found: {**found, "features": found["features"][1:]}, "missing: "),
        (lambda found: {**found, "features": [*found["features"], found["features"][0]]}, "stands twice"),
        (lambda found: _with(found, "properties", {"code": "99999"}), "missing: "),
        (lambda found: _with(found, "properties", {}), "no property code"),
        (lambda found: _with(found, "geometry", {"type": "Point", "coordinates": [105, 18]}), "neither Polygon"),
        (lambda found: _with(found, "geometry", None), "neither Polygon"),
        (lambda found: _square(found, 500_000, 2_000_000), "is no longitude, latitude"),
        (lambda found: _square(found, 105.5, 18.2, size=0), "too small"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_nothing_changes(load, collection, spoil, words, tmp_path):
    before = epochs.current()
    with pytest.raises(CommandError, match=words):
        load(spoil(collection))
    assert epochs.current() == before
    assert not list(tmp_path.glob("geo/*"))


def _with(found: dict, key: str, value) -> dict:
    first, *rest = found["features"]
    return {**found, "features": [{**first, key: value}, *rest]}


def _square(found: dict, x: float, y: float, size: float = 0.1) -> dict:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return _with(found, "geometry", {"type": "Polygon", "coordinates": [ring]})

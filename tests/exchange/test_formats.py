"""A list as CSV, XLSX, NDJSON and GeoJSON: the same rows as the pages of JSON, all of them, and nothing else."""

import csv
import io
import json

import openpyxl
import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes import epochs
from communes.models import Area
from criteria.models import Target
from exchange.formats import renderers, rows
from exchange.formats.geometry import _polygons
from tests.api.conftest import as_problem
from tests.api.test_contract import KEPT

ON_2024 = "2024-12-31"
CONTRACT = yaml.safe_load(KEPT.read_text(encoding="utf-8"))["paths"]


def columns_said(path):
    """The columns that the contract promises of a list's table; None where the address is no list for everybody."""
    read = CONTRACT[path].get("get", {})
    answers = read.get("responses", {}).get("200", {}).get("content", {})
    return answers.get("text/csv", {}).get("x-columns") if {} in read.get("security", []) else None


LISTS = sorted(path.removeprefix("/api/v1/").rstrip("/") for path in CONTRACT if columns_said(path))


@pytest.fixture
def fetch(api):
    """`fetch(address, **parameters)` → the answer with the whole of its body as text."""

    def get(address, accept="*/*", **parameters):
        response = api.get(f"/api/v1/{address}", parameters, headers={"accept": accept})
        assert response.status_code == 200, response.content
        response.body = response.getvalue()
        return response

    return get


@pytest.fixture
def table(fetch):
    """The rows of a list as a program reads them from CSV."""

    def get(address, **parameters):
        body = fetch(address, format="csv", **parameters).body.decode()
        mark = ";" if parameters.get("locale") == "vi" else ","
        return list(csv.DictReader(io.StringIO(body, newline=""), delimiter=mark))

    return get


@pytest.fixture
def lines(fetch):
    """The rows of a list as a program reads them from NDJSON."""

    def get(address, **parameters):
        return [json.loads(line) for line in fetch(address, format="ndjson", **parameters).body.splitlines()]

    return get


@pytest.fixture
def units(fetch):
    """The GeoJSON of a list of units."""
    return lambda address, **parameters: json.loads(fetch(address, format="geojson", **parameters).body)


@pytest.mark.parametrize("resource", LISTS)
def test_every_list_gives_the_same_rows_as_lines_of_json(lines, read, resource):
    assert lines(f"{resource}/", limit=20) == read(f"{resource}/", limit=20)["results"]


@pytest.mark.parametrize("resource", LISTS)
def test_every_list_is_a_table_with_its_heading_even_over_no_row(fetch, resource):
    body = fetch(f"{resource}/", format="csv", limit=5).body.decode()
    heading, *found = csv.reader(io.StringIO(body, newline=""))
    assert len(heading) == len(set(heading)) > 2
    assert all(len(row) == len(heading) for row in found)


def test_a_table_names_its_columns_by_the_members_of_the_contract(table):
    row = table("communes/", as_of=ON_2024, q="ha linh")[0]
    assert row["code"] == "18502"
    assert row["parent.code"] == "444"
    assert row["valid_from"] == ""
    assert row["valid_to"] == "2025-06-30"


def test_a_whole_list_has_no_pages(lines, table, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 50)
    assert len(lines("communes/", as_of=ON_2024)) == len(table("communes/", as_of=ON_2024)) == 216
    assert len({row["code"] for row in lines("communes/", as_of=ON_2024)}) == 216


def test_a_whole_list_stands_in_the_order_of_its_pages(lines, read, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 7)
    page = read("communes/", as_of=ON_2024, limit=216)["results"]
    assert lines("communes/", as_of=ON_2024) == page


def test_the_number_of_rows_is_said_beside_them(fetch):
    assert fetch("communes/", format="csv", as_of=ON_2024, limit=3)["X-Total-Count"] == "216"


def test_filters_narrow_a_table_as_they_narrow_a_page(table):
    assert len(table("communes/", as_of=ON_2024, district="444", kind="xa")) == 20


def test_the_accept_header_chooses_as_the_address_does(fetch):
    asked = fetch("periods/", accept="text/csv")
    assert asked["Content-Type"] == "text/csv; charset=utf-8"
    assert asked.body == fetch("periods/", format="csv").body
    assert "Accept" in asked["Vary"]


def test_a_browser_still_reads_json(fetch):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert fetch("periods/", accept=accept)["Content-Type"] == "application/json"


def test_excel_is_given_its_mark_only_where_it_asks(fetch):
    assert fetch("periods/", format="csv", bom=1).body.startswith(b"\xef\xbb\xbf")
    assert fetch("periods/", format="csv").body.startswith(b"code,")


def test_the_vietnamese_table_has_semicolons_and_decimal_commas(fetch):
    Target.objects.filter(pk=Target.objects.order_by("pk").values("pk")[:1]).update(value="-95.25")
    assert ";-95,25;" in fetch("targets/", format="csv", locale="vi").body.decode()
    assert ",-95.25," in fetch("targets/", format="csv").body.decode()


def test_a_text_that_looks_like_a_formula_is_only_a_text(table):
    Area.objects.filter(code="18502").update(name='=HYPERLINK("http://x")')
    row = next(row for row in table("communes/", as_of=ON_2024) if row["code"] == "18502")
    assert row["name"] == '\'=HYPERLINK("http://x")'


def test_a_workbook_holds_numbers_as_numbers_and_codes_as_texts(fetch):
    answer = fetch("attainment/", format="xlsx", limit=3)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body), read_only=True).active
    heading, *found = sheet.iter_rows(values_only=True)
    row = dict(zip(heading, found[0], strict=True))
    assert len(found) == 3
    assert isinstance(row["area.code"], str)
    assert isinstance(row["criteria_met"], int)
    assert isinstance(row["is_illustrative"], bool)
    assert answer["Content-Disposition"] == 'attachment; filename="attainment.xlsx"'


def test_a_list_that_no_workbook_should_hold_is_refused_with_the_way_out(api, monkeypatch):
    monkeypatch.setattr(renderers, "MOST_IN_WORKBOOK", 10)
    body = as_problem(api.get("/api/v1/communes/", {"format": "xlsx"}), 400)
    assert body["errors"][0]["code"] == "too_many_rows"
    assert "NDJSON" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("address", "parameters", "named"),
    [
        ("communes/", {"format": "xml"}, "format"),
        ("communes/18502/", {"format": "csv"}, "format"),
        ("readings/", {"format": "geojson"}, "format"),
        ("summary/", {"format": "csv", "year": 2023}, "format"),
        ("communes/", {"format": "csv", "cursor": "abc"}, "cursor"),
        ("communes/", {"format": "csv", "bom": "yes"}, "bom"),
        ("communes/", {"format": "csv", "locale": "fr"}, "locale"),
        ("communes/", {"format": "csv", "limit": "0"}, "limit"),
        ("communes/", {"format": "csv", "limit": ""}, "limit"),
        ("communes/", {"format": "ndjson", "bom": "1"}, "bom"),
        ("communes/", {"bom": "1"}, "bom"),
        ("communes/", {"format": "csv", "kind": "huyen"}, "kind"),
    ],
)
def test_what_a_form_does_not_know_is_refused_by_name(api, address, parameters, named):
    body = as_problem(api.get(f"/api/v1/{address}", parameters), 400)
    assert [error["parameter"] for error in body["errors"]] == [named]


def test_a_form_that_nobody_has_is_said_so(api):
    as_problem(api.get("/api/v1/communes/", headers={"accept": "image/png"}), 406)


def test_an_unchanged_table_is_answered_by_304(api):
    address = "/api/v1/communes/?format=csv"
    held = api.get(address)["ETag"]
    assert api.get(address, headers={"if-none-match": held}).status_code == 304
    epochs.bump()
    assert api.get(address, headers={"if-none-match": held}).status_code == 200


def test_each_form_of_one_address_has_an_etag_of_its_own(api):
    tags = {api.get("/api/v1/periods/", headers={"accept": accept})["ETag"] for accept in ("text/csv", "*/*")}
    assert len(tags) == 2


def test_the_head_of_a_table_tells_its_size_and_reads_no_row(api):
    answer = api.head("/api/v1/communes/", {"format": "csv", "as_of": ON_2024})
    assert (answer.status_code, answer["X-Total-Count"], answer.content) == (200, "216", b"")


def test_values_on_their_way_are_in_no_strangers_table(lines, folder):
    assert folder.readings.exists()
    assert lines("readings/", assessment=folder.pk, state="draft") == []


def test_a_whole_list_costs_as_many_statements_as_it_has_chunks(api, monkeypatch):
    def cost(chunk):
        monkeypatch.setattr(rows, "CHUNK", chunk)
        with CaptureQueriesContext(connection) as found:
            api.get("/api/v1/communes/", {"format": "ndjson", "as_of": ON_2024}).getvalue()
        return len(found)

    once, twice = cost(216), cost(108)
    assert twice - once == 2  # units, placements


def test_units_of_2024_are_marks_that_say_so(units):
    found = units("communes/", as_of=ON_2024, q="ha linh")["features"][0]
    assert found["geometry"]["type"] == "Point"
    west, north = found["geometry"]["coordinates"]
    assert 105.1 < west < 106.5
    assert 17.9 < north < 18.8
    assert "điểm đánh dấu" in found["properties"]["geometry_note"]
    assert found["properties"]["parent_code"] == "444"


def test_units_after_july_2025_are_outlines(units):
    found = units("communes/", as_of="2025-08-01")
    kinds = {feature["geometry"]["type"] for feature in found["features"]}
    assert len(found["features"]) == 69
    assert kinds == {"Polygon", "MultiPolygon"}
    assert found["licence"] == "MIT"


def test_a_date_without_a_map_says_that_outlines_are_missing(units):
    found = units("communes/", as_of="2025-03-01")["features"]
    assert {feature["geometry"] for feature in found} == {None}
    assert len(found) == 209


def test_districts_of_2024_are_outlines_said_to_be_approximate(units):
    found = units("districts/", as_of=ON_2024)["features"]
    assert all("gần đúng" in feature["properties"]["geometry_note"] for feature in found)


def test_rings_end_where_they_begin_and_outer_ones_turn_left(units):
    for feature in units("communes/", as_of="2025-08-01")["features"]:
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for outer, *holes in polygons:
            assert outer[0] == outer[-1]
            assert turns_left(outer)
            assert not any(turns_left(hole) for hole in holes)


def turns_left(ring):
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False)) > 0


def test_a_ring_inside_another_is_a_hole():
    outer, hole, island = square(0, 10), square(3, 4), square(20, 21)
    polygons = _polygons([hole, outer, island])
    assert sorted(len(polygon) for polygon in polygons) == [1, 2]


def square(low, high):
    return [(low, low), (low, high), (high, high), (high, low)]


def test_a_unit_carries_its_result_and_its_tier_as_two_facts(units, read):
    of_2023 = {
        row["area"]["code"]: row
        for row in read("attainment/", period="2023", limit=1000)["results"]
        if row["set"] == "commune-ntm-2021-2025"
    }
    found = {each["id"]: each["properties"] for each in units("communes/", as_of="2023-12-31", kind="xa")["features"]}
    assert {each["period"] for each in found.values()} == {"2023"}
    for code, told in found.items():
        assert told["criteria_met"] == of_2023[code]["criteria_met"]
        assert told["verdict"] == of_2023[code]["verdict"]
        assert told["is_illustrative"] == of_2023[code]["is_illustrative"]
    assert "ntm" in {told["recognised_tier"] for told in found.values()}


def test_the_map_costs_the_same_for_one_unit_and_for_all(api, django_assert_max_num_queries):
    for limit in (1, 216):
        with django_assert_max_num_queries(14):
            api.get("/api/v1/communes/", {"format": "geojson", "as_of": ON_2024, "limit": limit}).getvalue()


@pytest.mark.parametrize("resource", LISTS)
def test_the_contract_names_the_columns_of_every_table(fetch, resource):
    heading = fetch(f"{resource}/", format="csv", limit=1).body.decode().splitlines()[0]
    assert heading.split(",") == columns_said(f"/api/v1/{resource}/")


def test_the_lists_of_the_contract_are_these_at_least():
    assert {"communes", "readings", "attainment", "ocop/products", "sponsorship/contributions"} <= set(LISTS)

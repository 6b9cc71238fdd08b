"""The pages for those who build on the API."""

import datetime as dt
import re

import pytest
import yaml
from django.urls import reverse

from exchange.views.developers import KIND_WORDS, MOST_SHOWN, PAGES, releases, snippets
from reports.queries.standpoint import find
from tests.api.test_contract import KEPT

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(visitor):
    """`page(address, **parameters)`: the text of a page that a visitor may see."""

    def get(address="", **parameters):
        answer = visitor.get(f"/nha-phat-trien/{address}", parameters)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.fixture
def programs(db):
    """The programs of the page by name, for a portal at an address of its own."""
    return {each.name: each.text for each in snippets("https://ntm.example", find())}


def test_every_page_leads_to_the_others(page):
    addresses = [reverse(view) for view, _ in PAGES]
    for address in addresses:
        text = page(address.removeprefix("/nha-phat-trien/"))
        assert all(f'href="{other}"' in text for other in addresses)
        assert text.count('aria-current="page"') == 1


def test_the_programs_ask_this_portal_for_a_period_that_it_has(page):
    text = page()
    assert "http://testserver/api/v1/communes/" in text
    for word in ("ORIGIN", "PERIOD", "UNIT"):
        assert word not in text


def test_the_programs_name_only_addresses_and_parameters_of_the_contract(programs):
    paths = yaml.safe_load(KEPT.read_text(encoding="utf-8"))["paths"]
    for text in programs.values():
        for address in re.findall(r"/api/v1/([a-z/-]+)/(?=\?|\")", text):
            assert f"/api/v1/{address}/" in paths or f"/api/v1/{address}/{{code}}/" in paths


def test_power_query_asks_for_a_table_and_names_its_columns(programs, api):
    program = programs["excel"]
    asked = dict(re.findall(r'(\w+) = "([^"]+)"', re.search(r"Query = \[(.*?)\]", program)[1]))
    path = re.search(r'RelativePath = "([^"]+)"', program)[1]
    assert asked["format"] == "csv"
    heading = api.get(f"/{path}", asked | {"limit": 1}).getvalue().decode().splitlines()[0].split(",")
    named = re.findall(r'\{"([^"]+)", (?:type text|Int64)', program)
    assert len(named) >= 5
    assert set(named) <= set(heading)


def test_r_reads_a_table_and_names_its_columns(programs, api):
    program = programs["r"]
    address = re.search(r'"https://ntm.example([^"]+)"', program)[1]
    heading = api.get(address).getvalue().decode().splitlines()[0].split(",")
    named = re.findall(r'"([a-z_.]+)"(?: =|[,)])', program)
    named = [name for name in named if name != "character"]
    assert {"area.code", "area.name", "criteria_met"} <= set(named) <= set(heading)


def test_a_portal_without_figures_still_shows_how_to_begin(page, monkeypatch):
    nothing = find()
    monkeypatch.setattr(
        "exchange.views.developers.find",
        lambda: nothing.__class__(**{**nothing.__dict__, "period": None, "official": None}),
    )
    assert "/api/v1/communes/?as_of=" in page()


def test_the_catalogue_page_tells_fields_forms_and_the_proposed_licence(page):
    text = page("du-lieu/")
    assert "Kết quả theo tiêu chí" in text
    assert "/api/v1/attainment/?format=xlsx" in text
    assert "area.code" in text
    assert "đề xuất" in text


def test_codes_are_looked_up_by_words(page):
    text = page("danh-muc/units/", tim="dien my")
    assert "Xã Điền Mỹ" in text
    assert "18502" in text  # what became of it
    assert "Xã Hà Linh" not in text


def test_a_long_list_shows_its_first_rows_and_how_to_have_all(page):
    text = page("danh-muc/units/")
    assert f"Hiện {MOST_SHOWN} dòng đầu" in text
    assert text.count("<tr>") == MOST_SHOWN + 1
    assert "/api/v1/code-lists/units/?format=csv" in text


def test_words_that_nothing_holds_say_so_and_are_kept(page):
    text = page("danh-muc/units/", tim="<khong co>")
    assert "Không có dòng nào" in text
    assert 'value="&lt;khong co&gt;"' in text


def test_a_list_that_is_none_is_absent(visitor):
    assert visitor.get("/nha-phat-trien/danh-muc/khac/").status_code == 404


def test_the_changelog_is_dated_newest_first_and_tells_what_kind_of_change(page):
    days = [release["date"] for release in releases()]
    assert days == sorted(days, reverse=True)
    assert all(isinstance(day, dt.date) for day in days)
    for release in releases():
        for change in release["changes"]:
            assert change["kind"] in KIND_WORDS
            assert change["vi"] in page("thay-doi/").replace("&#x27;", "'")
            assert change["en"]


def test_every_release_of_the_changelog_is_no_newer_than_the_contract():
    version = yaml.safe_load(KEPT.read_text(encoding="utf-8"))["info"]["version"]
    assert releases()[0]["version"] == version


def test_the_status_page_tells_the_last_run(page):
    assert "Mốc dữ liệu" in page("tinh-trang/")


def test_pages_are_kept_for_visitors_but_not_the_status(visitor):
    held = visitor.get("/nha-phat-trien/")["ETag"]
    assert visitor.get("/nha-phat-trien/", headers={"if-none-match": held}).status_code == 304
    assert "no-store" in visitor.get("/nha-phat-trien/tinh-trang/")["Cache-Control"]


@pytest.mark.parametrize("path", ["danh-muc/units/", "du-lieu/", ""])
def test_a_page_costs_a_constant_number_of_statements(visitor, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        visitor.get(f"/nha-phat-trien/{path}", {"tim": "x"} if "units" in path else {})

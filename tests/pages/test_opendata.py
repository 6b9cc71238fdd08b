"""Open data: the same figures as the pages, nothing personal, nothing that a spreadsheet would run."""

import csv
import io

import pytest

from communes.models import Area
from communes.text import search_key
from ocop.models import Producer, Product
from reports.queries.opendata import _ROWS, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(visitor):
    """`taken("xa", "?ky=2023")`: heading and rows of a data set."""

    def fetch(name: str, query: str = "?ky=2023") -> tuple[list[str], list[list[str]]]:
        answer = visitor.get(f"/du-lieu-mo/{name}.csv{query}")
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        heading, *rows = csv.reader(io.StringIO(text))
        return heading, rows

    return fetch


@pytest.mark.parametrize("name", catalogue()["datasets"])
def test_every_data_set_has_the_columns_that_the_catalogue_names(taken, name):
    heading, rows = taken(name)
    assert heading == list(catalogue()["datasets"][name]["columns"])
    assert rows
    assert {len(row) for row in rows} == {len(heading)}


def test_the_catalogue_and_the_rows_name_the_same_data_sets():
    assert set(_ROWS) == set(catalogue()["datasets"])


def test_the_figures_are_those_of_the_pages(taken):
    _, communes = taken("xa")
    assert len(communes) == 216
    assert sum(row[2] == "xã" for row in communes) == 182
    _, money = taken("do-dau")
    assert sum(int(row[2]) for row in money if row[0] == "2023") == 95_539_000_000
    _, products = taken("ocop")
    assert len(products) == 337


def test_a_households_name_is_not_among_it(taken):
    area = Area.objects.get(code="18502", valid_to=None)
    names = {"name": "Hộ bà Lê Thị Kín", "search_key": search_key("Hộ bà Lê Thị Kín")}
    producer = Producer.objects.create(kind=Producer.Kind.HOUSEHOLD, area=area, **names)
    product = Product.objects.filter(standing__isnull=False).first()
    Product.objects.filter(pk=product.pk).update(producer=producer, name="=cmd|' /C calc'!A0")
    _, rows = taken("ocop")
    (row,) = (row for row in rows if row[0] == product.code)
    assert row[3] == ""
    assert not row[1].startswith("=")


def test_the_page_names_each_data_set_its_licence_and_what_is_unverified(visitor):
    page = visitor.get("/du-lieu-mo/").content.decode()
    for each in catalogue()["datasets"].values():
        assert each["title"] in page
    assert "CC BY 4.0" in page
    assert "chưa có văn bản của tỉnh" in page


def test_what_did_not_change_is_not_sent_again(visitor):
    first = visitor.get("/du-lieu-mo/muc-tieu.csv")
    b"".join(first.streaming_content)
    again = visitor.get("/du-lieu-mo/muc-tieu.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["khac.csv", "xa.csv?ky=1900", "..%2Fxa.csv"])
def test_what_there_is_not_is_absent(visitor, address):
    assert visitor.get(f"/du-lieu-mo/{address}").status_code == 404

"""Open data: the same figures as the pages, nothing personal, nothing that a spreadsheet would run."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Area
from communes.text import search_key
from criteria.models import Reading, State
from ocop.models import Producer, Product
from reports.queries.opendata import _LINES, _ROWS, catalogue

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
    assert {*_ROWS, *_LINES} == set(catalogue()["datasets"])


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


def test_every_approved_value_of_the_period_is_among_them_and_no_other(taken, visitor):
    heading, rows = taken("gia-tri")
    approved = Reading.objects.filter(state=State.APPROVED, assessment__round__period__code="2023")
    assert len(rows) == approved.count()
    named = [dict(zip(heading, row, strict=True)) for row in rows]
    one = (
        approved.filter(input__code="17.1", assessment__area__code="18508", value__isnull=False).order_by("pk").first()
    )
    slug = one.assessment.round.criteria_set.slug
    (line,) = (row for row in named if (row["ma"], row["chi_tieu"], row["bo"]) == ("18508", "17.1", slug))
    assert Decimal(line["gia_tri"]) == one.value
    assert line["ket_luan"] == one.get_verdict_display()
    assert {row["ma_tinh"] for row in named} == {"42"}


def test_the_values_are_sent_before_all_are_read(visitor):
    pieces = iter(visitor.get("/du-lieu-mo/gia-tri.csv?ky=2023").streaming_content)
    with CaptureQueriesContext(connection) as asked:
        assert next(pieces).startswith("\ufeffma_tinh".encode())
        assert next(pieces).count(b"\n") > 200
    assert len(asked) == 2


def test_a_negative_value_stays_a_number(taken):
    some = Reading.objects.filter(state=State.APPROVED, assessment__round__period__code="2023").order_by("pk").first()
    Reading.objects.filter(pk=some.pk).update(value=Decimal("-1200.5000"))
    Reading.objects.exclude(pk=some.pk).filter(assessment=some.assessment, value__isnull=False).update(value=100)
    values = {row[5] for row in taken("gia-tri")[1]}
    assert {"-1200.5", "100"} <= values

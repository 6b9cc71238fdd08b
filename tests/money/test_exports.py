"""The ledger as a file: as it is looked at, names kept, a workbook up to its length, CSV of any length."""

import csv
import io
import tracemalloc

import pytest
from django.contrib.auth.models import AnonymousUser

from sponsorship.models import Contribution
from sponsorship.queries import ledger
from sponsorship.views import exports
from sponsorship.workbooks import exporting
from tests.money.test_workbooks import read_back

pytestmark = pytest.mark.django_db
CSV = "/do-dau/so/xuat-csv/"


@pytest.fixture
def many(entry):
    """`many(n)`: n entries of 2030, of one sponsor to one commune."""

    def make(count, year=2030):
        first = entry(year=year, received_on=f"{year}-05-20")
        same = {name: getattr(first, name) for name in ("sponsor", "area", "channel", "received_on", "year")}
        Contribution.objects.bulk_create((Contribution(**same, amount=n) for n in range(1, count)), batch_size=500)

    return make


def lines(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_list_is_given_out_as_it_is_looked_at_and_keeps_names(
    visitor, client_of, district_officer, received, sponsor
):
    received(5, sponsor=sponsor("Bà Giấu Tên", "individual", is_anonymous=True))
    received(7, channel="assigned")
    address = "/do-dau/so/xuat/?nam=2024"
    rows = read_back(visitor.get(address))
    assert sorted(line[10] for line in rows[1:]) == [5, 7]
    assert "Giấu Tên" not in str(rows)
    assert "không nêu tên" in str(rows)
    assert "Giấu Tên" in str(read_back(client_of(district_officer).get(address)))
    assert [line[10] for line in read_back(visitor.get(f"{address}&kenh=assigned"))[1:]] == [7]


def test_csv_is_the_whole_list_as_it_is_looked_at(visitor, many, received, sponsor, monkeypatch):
    many(25)
    monkeypatch.setattr(ledger, "BATCH", 10)
    heading, *rows = lines(visitor.get(f"{CSV}?nam=2030"))
    assert tuple(heading) == exporting.HEADING
    assert len(rows) == len({row[-2] for row in rows}) == 25
    received(5, sponsor=sponsor("Bà Giấu Tên", "individual", is_anonymous=True), purpose="=1+1")
    (row,) = lines(visitor.get(f"{CSV}?nam=2024"))[1:]
    assert "Giấu Tên" not in str(row)
    assert "'=1+1" in row


def test_a_workbook_that_is_cut_says_so(visitor, many, monkeypatch):
    many(12)
    monkeypatch.setattr(exports, "MOST_IN_WORKBOOK", 10)
    note, heading, *rows = read_back(visitor.get("/do-dau/so/xuat/?nam=2030"))
    assert "chỉ có 10 khoản mới nhất" in note[0]
    assert tuple(heading) == exporting.HEADING
    assert len(rows) == 10
    monkeypatch.setattr(exports, "MOST_IN_WORKBOOK", 12)
    assert len(read_back(visitor.get("/do-dau/so/xuat/?nam=2030"))) == 13


@pytest.mark.parametrize("address", [CSV, "/do-dau/so/xuat/"])
def test_a_filter_that_cannot_be_read_gives_nothing_out(visitor, address):
    response = visitor.get(f"{address}?nam=hai")
    assert response.status_code == 302
    assert response["Location"] == "/do-dau/so/?nam=hai"


def test_memory_does_not_grow_with_the_list(many, monkeypatch):
    monkeypatch.setattr(ledger, "BATCH", 100)

    def peak(year):
        tracemalloc.start()
        for _ in map(exporting.cells_of, ledger.every(AnonymousUser(), ledger.Filter(year=year))):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    many(200, 2030)
    many(1_000, 2031)
    peak(2030)
    assert peak(2031) < 1.5 * peak(2030)

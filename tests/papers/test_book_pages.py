"""The pages of the book: its forms, its lists, its counts and their cost, days and units that have ended."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.actions import add_rows
from communes.models import Village
from tests.papers.books import GARDENS, VILLAGES, garden, village
from tests.papers.conftest import HA_LINH


def test_a_row_is_added_corrected_and_ended_from_the_pages(db, home, commune_officer, send):
    said = {"name": "Thôn 1", "households": "12 0", "population": "480", "valid_from": ""}
    refused = send(commune_officer, "communes:row-new", said, home.pk, "thon")
    assert refused.status_code == 422
    assert 'value="12 0"' in refused.content.decode()
    said["households"] = "120"
    assert send(commune_officer, "communes:row-new", said, home.pk, "thon").status_code == 303
    made = Village.objects.get()
    assert (
        send(commune_officer, "communes:row", {**said, "name": "Thôn Một", "version": 0}, "thon", made.pk).status_code
        == 303
    )
    assert send(commune_officer, "communes:row", {**said, "version": 0}, "thon", made.pk).status_code == 409
    assert send(commune_officer, "communes:row", said, "thon", made.pk).status_code == 409
    end = {"version": 1, "on": "30/06/2024", "reason": ""}
    assert send(commune_officer, "communes:row-end", end, "thon", made.pk).status_code == 422
    assert send(commune_officer, "communes:row-end", {**end, "reason": "Sáp nhập"}, "thon", made.pk).status_code == 303
    made.refresh_from_db()
    assert (made.name, made.valid_to) == ("Thôn Một", dt.date(2024, 6, 30))


def test_what_cannot_be_found_is_absent(db, home, commune_officer, book_page, area):
    assert book_page(commune_officer, "book", home.pk, "cay-da").status_code == 404
    assert book_page(commune_officer, "book", 999_999, "thon").status_code == 404
    assert book_page(commune_officer, "book", area("444").pk, "thon").status_code == 404
    assert book_page(commune_officer, "row", "thon", 999_999).status_code == 404


def test_rows_stand_in_vietnamese_order_and_go_on_from_page_to_page(db, write, home, commune_officer, book_page):
    names = [f"Thôn {letter}{number}" for letter in "DĐEÊ" for number in range(60)]
    write(VILLAGES, *[village(name) for name in reversed(names)])
    seen, after, costs = [], "", set()
    while after is not None:
        with CaptureQueriesContext(connection) as statements:
            page = book_page(commune_officer, "book", home.pk, "thon", sau=after).context["page"]
        costs.add(len(statements) - bool(after))  # a later page looks up where it begins
        seen += [row.name for row in page.rows]
        after = page.after
    assert seen == names
    assert len(costs) == 1


def test_the_counts_cost_the_same_whatever_stands_in_the_books(db, write, visitor):
    address = f"{reverse('communes:register')}?ngay=31/12/2024"

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visitor.get(address).status_code == 200
        return len(seen)

    none = cost()
    write(VILLAGES, *[village(f"Thôn {n}") for n in range(30)])
    write(GARDENS, *[garden(f"Hộ {n}") for n in range(30)])
    assert cost() == none <= 5


def test_checking_many_rows_costs_no_more_than_one(db, home, commune_officer, write):
    costs = []
    for number in (1, 300):
        said = [village(f"Thôn {number}-{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as seen:
            add_rows(kind=VILLAGES, commune=home, rows=said, by=commune_officer)
        costs.append(len(seen))
    assert costs[1] - costs[0] <= 6  # inserted in batches, of some seventy rows on SQLite


def test_counts_are_summed_by_district_and_for_the_province(db, write, visitor):
    write(VILLAGES, village("Thôn 1"), village("Thôn 2"))
    page = visitor.get(reverse("communes:register"), {"ngay": "31/12/2024"}).context["page"]
    group = next(group for group in page.groups if group.name == "Huyện Hương Khê")
    assert group.sums == [2, 0, 0]
    assert page.sums == [2, 0, 0]


@pytest.mark.parametrize("day", ["31/02/2024", "hôm qua", ""])
def test_a_day_that_cannot_be_read_is_told(db, visitor, day):
    assert visitor.get(reverse("communes:register"), {"ngay": day}).status_code == 422


def test_an_officer_of_a_unit_that_has_ended_begins_on_its_last_day(db, commune_officer, book_page):
    assert book_page(commune_officer, "register").context["page"].on == dt.date(2025, 6, 30)


def test_a_merged_commune_leads_to_the_books_of_its_parts(db, province_officer, book_page, area, write):
    merged = area(HA_LINH).changes_out.exclude(new=None).first().new
    page = book_page(province_officer, "book", merged.pk, "thon")
    assert area(HA_LINH) in page.context["page"].before

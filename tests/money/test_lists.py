"""The ledger as a list: filters, names that were asked to be kept, pages, statements."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.paging import DayPlace
from sponsorship.actions import ledger, years
from sponsorship.queries.ledger import Filter, listed

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
OF_YEAR = Filter(year=2024)


def amounts(user, **chosen):
    return sorted(line.entry.amount for line in listed(user, Filter(**{"year": 2024, **chosen})).lines)


def test_the_newest_come_first_and_pages_lose_nothing(entry):
    for number in range(1, 8):
        entry(number, received_on=dt.date(2024, 1 + number % 3, 1))
    seen, after = [], None
    while True:
        page = listed(NOBODY, OF_YEAR, after, size=3)
        seen += page.lines
        if page.after is None:
            break
        after = DayPlace.read(page.after)
    assert sorted(line.entry.amount for line in seen) == list(range(1, 8))
    days = [(line.entry.received_on, line.entry.pk) for line in seen]
    assert days == sorted(days, reverse=True)


def test_each_filter_leaves_what_it_names(entry, sponsor):
    who = sponsor("Hội đồng hương Hà Nội", "compatriot")
    entry(1, by=who, channel="called")
    entry(2, code="18133", purpose="Nước sạch")
    entry(3, kind="land", quantity=10, unit="m²", rate=1, rate_basis="Bảng giá đất")
    entry(4, year=2022, received_on=dt.date(2022, 1, 1))
    assert amounts(NOBODY) == [1, 2, 3]
    assert amounts(NOBODY, channel="called") == [1]
    assert amounts(NOBODY, source="compatriot") == [1]
    assert amounts(NOBODY, sponsor=who.pk) == [1]
    assert amounts(NOBODY, kind="land") == [3]
    assert amounts(NOBODY, district="439") == [2]
    assert amounts(NOBODY, text="ha linh") == [1, 3]
    assert amounts(NOBODY, text="dong huong") == [1]
    assert amounts(NOBODY, text="nuoc sach") == amounts(NOBODY, text="NƯỚC SẠCH") == [2]


def test_who_asked_not_to_be_named_is_named_filtered_and_found_only_in_scope(
    entry, sponsor, district_officer, other_district_officer
):
    hidden = sponsor("Bà Giấu Tên", "individual", is_anonymous=True)
    entry(5, by=hidden)
    for stranger in (NOBODY, other_district_officer):
        (line,) = listed(stranger, OF_YEAR).lines
        assert line.name == "không nêu tên"
        assert amounts(stranger, sponsor=hidden.pk) == []
        assert amounts(stranger, text="giau ten") == []
    (line,) = listed(district_officer, OF_YEAR).lines
    assert line.name == "Bà Giấu Tên"
    assert amounts(district_officer, sponsor=hidden.pk) == amounts(district_officer, text="giau ten") == [5]


def test_a_cancelled_entry_and_its_reversal_stand_beside_each_other(received, district_officer, province_officer):
    first = received(9)
    received(8)
    years.close(year=2024, by=province_officer)
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    assert amounts(NOBODY, state="huy") == [-9, 9]
    assert amounts(NOBODY, state="sau-chot") == [-9]
    (later,) = [line for line in listed(NOBODY, OF_YEAR).lines if line.is_later]
    assert later.entry.reverses == first


def test_unconfirmed_entries_are_found(received, district_reviewer):
    first = received(4)
    received(5)
    ledger.confirm(entry=first, by=district_reviewer)
    assert amounts(NOBODY, state="chua-doi-chieu") == [5]


def test_the_list_costs_the_same_for_one_and_for_many(entry, district_officer):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            listed(district_officer, OF_YEAR)
        return len(asked)

    entry()
    cost()  # the appointments are read once a request
    one = cost()
    for number in range(20):
        entry(1 + number, code=("18502", "18133", "444")[number % 3])
    assert cost() == one <= 7


@pytest.mark.sqlite
def test_the_cancelling_entry_is_found_by_its_index_though_almost_nothing_is_cancelled(entry, sponsor):
    who = sponsor()
    for number in range(200):
        entry(1 + number, by=who)
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        listed(NOBODY, OF_YEAR)
        statement = next(each["sql"] for each in asked if "reverses_id" in each["sql"])
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        assert not [step for *_, step in cursor.fetchall() if step.startswith("SCAN")]

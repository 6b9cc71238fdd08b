"""Every total equals the sum of its parts to the đồng: on the seed, on random ledgers, in closed years."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.text import search_key
from criteria.models import Indicator
from reports.queries.summary import summary
from sponsorship.actions import ledger, pledges, years
from sponsorship.checks import Received
from sponsorship.models import Contribution, Sponsor
from sponsorship.queries import totals
from tests.money.conftest import DAY

pytestmark = pytest.mark.django_db
SEED = {"assigned": 15_739_000_000, "called_by_districts": 79_800_000_000}


def sums(parts):
    return sum(part.amount for part in parts), sum(part.entries for part in parts)


def splits(year, user):
    found = totals.year_totals(year)
    return found, {
        "channel": found.by_channel,
        "kind": found.by_kind,
        "source": found.by_source,
        "district": found.by_district,
        "unit": found.by_area,
        "criterion": totals.by_criterion(year),
        "sponsor": totals.by_sponsor(year, user),
    }


def test_the_total_of_2023_is_the_sum_of_its_two_channels(province_officer):
    found, parts = splits(2023, province_officer)
    assert {part.key: part.amount for part in found.by_channel} == SEED
    assert found.total == sum(SEED.values()) == 95_539_000_000
    assert len(found.by_district) == 13
    for name, split in parts.items():
        assert sums(split) == (95_539_000_000, found.entries), name
    assert found.entered == (95_539_000_000, found.entries)
    assert found.agrees
    assert {part.key: part.amount for part in totals.by_year()}["2023"] == 95_539_000_000


def test_what_went_to_a_commune_counts_in_the_district_of_the_years_first_day(received, area):
    found = totals.year_totals(received().year)
    assert [(part.key, part.amount) for part in found.by_district] == [("444", 1_500_000)]
    assert [part.name for part in found.by_area] == [area("18502").name]


def test_after_the_district_level_communes_stand_in_a_line_of_their_own(said, area, province_officer):
    day = dt.date(2025, 7, 2)
    who = said().sponsor
    ledger.receive(
        said=Received(sponsor=who, area=area("18502", day), channel="called_by_communes", received_on=day, amount=7),
        by=province_officer,
    )
    (part,) = totals.year_totals(2025).by_district
    assert (part.key, part.amount) == ("xa", 7)


def test_a_closed_years_total_stays_and_the_difference_is_listed_until_it_is_reopened(
    received, district_officer, province_officer
):
    wrong, right = received(2_000_000), received(3_000_000)
    years.close(year=2024, by=province_officer)
    ledger.reverse(entry=wrong, reason="Ghi hai lần", by=district_officer, on=dt.date(2025, 2, 3))
    found = totals.year_totals(2024)
    assert (found.total, found.entries, found.later, found.later_entries) == (5_000_000, 2, -2_000_000, 1)
    assert found.closing.published == found.total
    assert summary(year=2024)["sponsorship"]["total"] == 5_000_000
    assert totals.year_totals(2025).total == 0
    years.reopen(year=2024, reason="Ghi lại", by=province_officer)
    found = totals.year_totals(2024)
    assert (found.total, found.entries, found.later) == (right.amount, 3, 0)
    assert years.close(year=2024, by=province_officer).published == right.amount


def test_a_pledge_is_in_no_total(sponsor, area, district_officer):
    usual = {"sponsor": sponsor(), "area": area("18502"), "channel": "called", "pledged_on": DAY, "amount": 10**12}
    pledges.pledge(**usual, by=district_officer)
    assert totals.year_totals(2024).total == 0


def test_the_summary_of_a_year_costs_the_same_for_one_entry_and_for_many(entry):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            found = totals.year_totals(2024)
            assert found.total
            assert found.by_district
        return len(asked)

    entry()
    one = cost()
    for code in ("18502", "18553", "18133", "444"):
        entry(code=code, channel="called")
    assert cost() == one <= 4


@dataclass
class Book:
    """The same ledger kept by hand: what every total must be."""

    rows: list[Contribution] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)
    published: dict[int, set[int]] = field(default_factory=dict)

    def counted(self, year: int) -> list[Contribution]:
        mine = [row for row in self.rows if row.year == year]
        return [row for row in mine if row.pk in self.published[year]] if year in self.published else mine

    def total(self, year: int) -> int:
        return sum(row.amount for row in self.counted(year))

    def by(self, year: int, key) -> Counter:
        found: Counter[Any] = Counter()
        for row in self.counted(year):
            found[key(row)] += row.amount
        return found


AMOUNTS = st.integers(1, 10**13)
STEPS = st.one_of(
    st.tuples(st.just("money"), st.integers(0, 3), st.integers(0, 4), st.integers(0, 3), AMOUNTS, st.booleans()),
    st.tuples(st.just("work"), st.integers(0, 3), st.integers(0, 4), st.integers(1, 400), st.integers(1, 10**6)),
    st.tuples(st.just("pledge"), st.integers(0, 3), AMOUNTS),
    st.tuples(st.just("reverse"), st.integers(0, 50)),
    st.tuples(st.just("close"), st.sampled_from((2024, 2025))),
    st.tuples(st.just("reopen"), st.sampled_from((2024, 2025))),
)
DAYS = (dt.date(2024, 3, 1), dt.date(2024, 12, 31), dt.date(2025, 3, 1), dt.date(2025, 6, 30), dt.date(2025, 9, 9))
CODES = ("18502", "18553", "444", "18133")


@pytest.fixture
def world(area, province_officer, other_district_officer):
    """Sponsors (one hidden), units, an indicator and two people who may read different names."""
    sponsors = [
        Sponsor.objects.create(name=f"N{n}", kind=kind, is_anonymous=n == 2, search_key=search_key(f"N{n}"))
        for n, kind in enumerate(("agency", "enterprise", "compatriot", "individual"))
    ]
    indicator = Indicator.objects.get(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1")
    return {
        "sponsors": sponsors,
        "area": area,
        "by": province_officer,
        "other": other_district_officer,
        "indicator": indicator,
    }


def take(step, book: Book, world) -> None:
    kind, *said = step
    by = world["by"]
    if kind in ("money", "work", "pledge"):
        day = DAYS[said[1]] if kind != "pledge" else DAYS[0]
        if day.year in book.published:
            return
        code = CODES[said[0]] if day.year < 2025 or day < dt.date(2025, 7, 1) else "18496"
        where, who = world["area"](code, day), world["sponsors"][said[0]]
        if kind == "pledge":
            pledges.pledge(sponsor=who, area=where, channel="called", pledged_on=day, amount=said[1], by=by)
            return
        usual = {"sponsor": who, "area": where, "received_on": day}
        if kind == "money":
            channel = ("assigned", "called", "assigned", "called")[said[2]]
            linked = {"indicator": world["indicator"]} if said[4] else {}
            entry = Received(**usual, **linked, channel=channel, amount=said[3])
        else:
            worth = {"kind": "workdays", "quantity": Decimal(said[2]), "unit": "ngày công", "rate": said[3]}
            entry = Received(**usual, **worth, channel="assigned", rate_basis="Nghị quyết")
        book.rows.append(ledger.receive(said=entry, by=by))
    elif kind == "reverse":
        open_rows = [row for row in book.rows if row.reverses_id is None and row.pk not in book.cancelled]
        if open_rows:
            row = open_rows[said[0] % len(open_rows)]
            book.rows.append(ledger.reverse(entry=row, reason="Sai", by=by, on=dt.date(2026, 1, 5)))
            book.cancelled.add(row.pk)
    elif kind == "close" and said[0] not in book.published and any(row.year == said[0] for row in book.rows):
        published = years.close(year=said[0], by=by).published
        book.published[said[0]] = {row.pk for row in book.rows if row.year == said[0]}
        assert published == book.total(said[0])
    elif kind == "reopen" and said[0] in book.published:
        years.reopen(year=said[0], reason="Sai", by=by)
        del book.published[said[0]]


def agree(book: Book, world) -> None:
    for year in (2024, 2025):
        for reader in (world["by"], world["other"]):
            found, parts = splits(year, reader)
            assert (found.total, found.entries) == (book.total(year), len(book.counted(year)))
            assert found.agrees
            for name, split in parts.items():
                assert sums(split) == (found.total, found.entries), name
        by_key = {part.key: part.amount for part in found.by_channel}
        assert by_key == book.by(year, lambda row: row.channel)
        assert {part.key: part.amount for part in found.by_kind} == book.by(year, lambda row: row.kind)
        assert {int(part.key): part.amount for part in found.by_area} == book.by(year, lambda row: row.area_id)
        everything = sum(row.amount for row in book.rows if row.year == year)
        assert found.total + found.later == everything
        assert summary(year=year)["sponsorship"]["total"] == found.total
    by_year = {int(part.key): part.amount for part in totals.by_year() if part.key in ("2024", "2025")}
    assert by_year == {year: book.total(year) for year in (2024, 2025) if book.counted(year)}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_on_a_random_ledger_every_total_is_the_sum_of_its_parts(world, steps):
    with transaction.atomic():
        book = Book()
        for step in steps:
            take(step, book, world)
        agree(book, world)
        transaction.set_rollback(True)

"""Tiers held, read once and derived in memory, are the same as the database's own answer."""

import datetime as dt

import pytest

from communes.models import Area
from criteria.models import Recognition
from criteria.queries.recognition import granted_in_year, in_force
from reports.queries.holdings import TIER_ORDER, ledger
from reports.queries.units import territory_on

pytestmark = pytest.mark.django_db

DAYS = [None, dt.date(2022, 6, 30), dt.date(2024, 2, 21), dt.date(2024, 8, 20)]


@pytest.fixture(autouse=True)
def _some_revoked(db):
    """One revoked for good, one revoked and granted again."""
    first, second = Recognition.objects.filter(
        tier="ntm", act="granted", area__level="commune", counts_from__lte=dt.date(2022, 12, 31), result_year=2021
    ).order_by("pk")[:2]
    for row in (first, second):
        Recognition.objects.create(
            area=row.area, tier="ntm", act="revoked", counts_from=dt.date(2023, 5, 1), confidence="verified"
        )
    Recognition.objects.create(
        area=second.area,
        tier="ntm",
        act="granted",
        counts_from=dt.date(2024, 3, 1),
        result_year=2023,
        confidence="verified",
    )


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("year", [2021, 2023, 2024])
def test_holders_are_those_of_the_database(as_of, year):
    on = dt.date(year, 12, 31)
    province = Area.objects.get(code="42", level="province")
    held = ledger(province, as_of).up_to(year)
    areas = territory_on(province, on)[on].areas
    for tier in TIER_ORDER:
        expected = set(in_force(tier=tier, on=on, up_to_year=year, decided_by=as_of).values_list("pk", flat=True))
        assert {area.pk for area in areas if held.has(area.pk, tier)} == expected, tier


@pytest.mark.parametrize("as_of", DAYS)
def test_what_a_year_brought_is_that_of_the_database(as_of):
    known = ledger(Area.objects.get(code="42", level="province"), as_of)
    for tier in TIER_ORDER:
        rows = granted_in_year(tier=tier, year=2023, decided_by=as_of).filter(area__level="commune")
        assert {row.pk for row in known.granted(tier, 2023, "commune")} == set(rows.values_list("pk", flat=True))


def test_an_earlier_day_is_the_same_as_having_looked_from_it():
    province, day = Area.objects.get(code="42", level="province"), dt.date(2024, 2, 21)
    now, then = ledger(province, None).known_by(day), ledger(province, day)
    assert {row.pk for row in now.standing} == {row.pk for row in then.standing}

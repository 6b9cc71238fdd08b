"""The gap board: the unfunded first, promises once, pages, communes that merged."""

import datetime as dt
import re

import pytest

from communes.models import Area
from communes.queries import successors_on
from criteria.models import Indicator
from sponsorship.actions import ledger, pledges
from sponsorship.checks import Received
from sponsorship.models import Need
from sponsorship.queries import gaps
from sponsorship.queries.heirs import Heirs
from tests.money.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def gap():
    """A row of the board that was found in one unit of Hương Khê, which merged into the commune of today."""
    rows = (row for row in gaps.board(size=10_000).gaps if row.district == "Hương Khê" and len(row.origins) == 1)
    return next(row for row in rows if row.asked is None and not row.promised and not row.received)


def now(gap):
    """That row as it stands."""
    return next(row for row in gaps.board(size=10_000).gaps if row.key == gap.key)


def test_the_board_puts_the_unfunded_first(client_of, district_officer, other_district_officer, read, received):
    client = client_of(district_officer)
    own = [link for link in read("/do-dau/thieu-von/", client).links if re.match(r"/do-dau/thieu-von/\d+/", link)]
    address = own[0]
    assert client_of(other_district_officer).get(address).status_code == 404
    assert "không được âm" in client.post(address, {"amount": "-1"}).content.decode()
    stored = Need.objects.filter(area_id=address.split("/")[3], indicator_id=address.split("/")[4]).first()
    version = "" if stored is None else stored.version
    assert client.post(address, {"amount": "2.350.000.000"} | {"version": version}).status_code == 303
    need = Need.objects.get(recorded_by=district_officer)
    row = next(row for row in gaps.board().gaps if need.area in row.origins and row.indicator_id == need.indicator_id)
    assert row.asked >= 2_350_000_000
    ranks = [row.rank for row in gaps.board(size=10_000).gaps]
    assert ranks == sorted(ranks)
    assert "2.350" in read("/do-dau/thieu-von/").text
    received(row.asked, code=need.area.code, indicator=need.indicator)
    assert now(row).received == row.received + row.asked
    assert now(row).missing == 0
    assert "đủ" in read(f"/do-dau/thieu-von/?chi-tieu={need.indicator.code}").text


def test_a_promise_fills_the_gap_until_it_is_kept_once(gap, received, sponsor, district_officer):
    indicator, who, (old,) = Indicator.objects.get(pk=gap.indicator_id), sponsor(), gap.origins
    usual = {"area": old, "indicator": indicator, "by": district_officer}
    pledges.ask(**usual, year=2024, amount=1_000)
    promise = pledges.pledge(**usual, sponsor=who, channel="called", pledged_on=DAY, amount=600)
    assert (now(gap).received, now(gap).promised, now(gap).missing) == (0, 600, 400)
    received(500, sponsor=who, code=old.code, indicator=indicator, pledge=promise)
    assert (now(gap).received, now(gap).promised, now(gap).missing) == (500, 100, 400)


def test_what_a_merged_commune_lacked_is_its_successors_with_the_money_of_both(
    gap, received, sponsor, district_officer, province_officer
):
    (old,), indicator, who = gap.origins, Indicator.objects.get(pk=gap.indicator_id), sponsor()
    assert gap.area.valid_to is None
    assert gap.area in successors_on(old)
    pledges.ask(area=old, indicator=indicator, year=2024, amount=1_000, by=district_officer)
    received(300, sponsor=who, code=old.code, indicator=indicator)
    late = dt.date(2025, 8, 1)
    usual = {"sponsor": who, "area": gap.area, "channel": "called", "received_on": late, "indicator": indicator}
    ledger.receive(said=Received(**usual, amount=200), by=province_officer)
    assert (now(gap).asked, now(gap).received, now(gap).missing) == (1_000, 500, 500)
    pledges.ask(area=gap.area, indicator=indicator, year=2025, amount=5_000, by=province_officer)
    assert now(gap).asked == 5_000


def test_what_another_asked_meanwhile_is_shown_before_it_is_replaced(gap, client_of, province_officer):
    (old,), client = gap.origins, client_of(province_officer)
    address = f"/do-dau/thieu-von/{old.pk}/{gap.indicator_id}/"
    assert client.post(address, {"amount": "1.000.000"}).status_code == 303
    stale = client.post(address, {"amount": "2.000.000"})
    body = stale.content.decode().replace("\u00a0", " ")
    assert stale.status_code == 409
    assert "hiện nay: 1.000.000 đ" in body
    assert 'value="2.000.000"' in body
    assert 'name="version" value="0"' in body
    assert client.post(address, {"amount": "2.000.000", "version": "0"}).status_code == 303
    assert now(gap).asked == 2_000_000


def test_communes_that_merged_into_one_stand_in_one_row():
    found = gaps.board(size=10_000).gaps
    together = [row for row in found if len(row.merged) > 1]
    assert together
    assert len({(row.area.pk, row.indicator_id) for row in found}) == len(found)
    assert all(row.area.valid_to is None for row in together)


def test_a_unit_that_was_split_among_several_keeps_its_own_name():
    ky_loi = Area.objects.get(name="Xã Kỳ Lợi")
    assert len(successors_on(ky_loi)) > 1
    assert Heirs().of(ky_loi.pk) == ky_loi.pk


def test_pages_of_the_board_lose_nothing():
    whole = [gap.key for gap in gaps.board(size=10_000).gaps]
    seen, after = [], ""
    while after is not None:
        page = gaps.board(after=after, size=97)
        seen += [gap.key for gap in page.gaps]
        after = page.after
    assert seen == whole
    assert len(whole) == len(set(whole)) > 0

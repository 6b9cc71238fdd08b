"""The gap board: the unfunded first, promises once, pages, communes that merged."""

import re

import pytest

from criteria.models import Indicator
from sponsorship.actions import pledges
from sponsorship.models import Need
from sponsorship.queries import gaps
from tests.money.conftest import DAY

pytestmark = pytest.mark.django_db


def test_the_board_puts_the_unfunded_first(client_of, district_officer, other_district_officer, read, received):
    client = client_of(district_officer)
    own = [link for link in read("/do-dau/thieu-von/", client).links if re.match(r"/do-dau/thieu-von/\d+/", link)]
    address = own[0]
    assert client_of(other_district_officer).get(address).status_code == 404
    assert "không được âm" in client.post(address, {"amount": "-1"}).content.decode()
    assert client.post(address, {"amount": "2.350.000.000"}).status_code == 303
    need = Need.objects.get()
    (first, *_) = gaps.board().gaps
    assert (first.area, first.indicator_id, first.missing) == (need.area, need.indicator_id, 2_350_000_000)
    assert "thiếu 2,350 tỷ đồng" in read("/do-dau/thieu-von/").text
    received(2_350_000_000, code=need.area.code, indicator=need.indicator)
    assert gaps.board().gaps[-1].received == 2_350_000_000
    assert "đủ" in read(f"/do-dau/thieu-von/?chi-tieu={need.indicator.code}").text


def test_a_promise_fills_the_gap_until_it_is_kept_once(area, received, sponsor, district_officer):
    gap = next(gap for gap in gaps.board(size=10_000).gaps if gap.district == "Hương Khê")
    indicator, who = Indicator.objects.get(pk=gap.indicator_id), sponsor()
    usual = {"area": gap.area, "indicator": indicator, "by": district_officer}
    pledges.ask(**usual, year=2024, amount=1_000)
    promise = pledges.pledge(**usual, sponsor=who, channel="called", pledged_on=DAY, amount=600)

    def now():
        found = next(each for each in gaps.board(size=10_000).gaps if each.key == gap.key)
        return found.received, found.promised, found.missing

    assert now() == (0, 600, 400)
    received(500, sponsor=who, code=gap.area.code, indicator=indicator, pledge=promise)
    assert now() == (500, 100, 400)


def test_pages_of_the_board_lose_nothing():
    whole = [gap.key for gap in gaps.board(size=10_000).gaps]
    seen, after = [], ""
    while after is not None:
        page = gaps.board(after=after, size=97)
        seen += [gap.key for gap in page.gaps]
        after = page.after
    assert seen == whole
    assert len(whole) == len(set(whole)) > 0

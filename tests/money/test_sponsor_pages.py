"""Sponsors: recorded, assigned, promising, named only to whom they may be named."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.models import Indicator, Reading, State, Verdict
from sponsorship.actions import ledger, pledges
from sponsorship.models import Pledge, Sponsor
from sponsorship.queries import sponsors
from tests.money.conftest import DAY, HA_LINH, post

pytestmark = pytest.mark.django_db


def test_who_asked_not_to_be_named_is_named_nowhere_to_the_public(
    sponsor, received, read, visitor, client_of, district_officer, other_district_officer
):
    hidden = sponsor("Bà Giấu Tên", "individual", is_anonymous=True)
    entry = received(sponsor=hidden)
    pledges.pledge(sponsor=hidden, area=entry.area, channel="called", pledged_on=DAY, amount=5, by=district_officer)
    page = reverse("sponsorship:sponsor", args=[hidden.pk])
    shown = ["/do-dau/?nam=2024", "/do-dau/so/", "/do-dau/nha-tai-tro/?tim=giau", "/do-dau/thieu-von/"]
    shown += [reverse("sponsorship:entry", args=[entry.pk]), "/do-dau/tong-hop/nha-tai-tro/?nam=2024"]
    shown += [f"/do-dau/so/?nha={hidden.pk}", "/do-dau/so/?tim=giau+ten"]
    for client in (visitor, client_of(other_district_officer)):
        for address in shown:
            assert "Giấu Tên" not in read(address, client).text, address
        assert client.get(page).status_code == 404
    for offered in ("entry-new", "pledge-new"):
        body = client_of(other_district_officer).get(reverse(f"sponsorship:{offered}")).content.decode()
        assert "Giấu Tên" not in body
    assert "Giấu Tên" in read(page, client_of(district_officer)).text
    assert "Giấu Tên" in read("/do-dau/so/?tim=giau+ten", client_of(district_officer)).text


def test_a_sponsors_page_tells_what_its_money_closed(sponsor, received, read, area):
    indicator = Indicator.objects.get(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1")
    who = sponsor()
    received(7_000_000, sponsor=who, indicator=indicator)
    text = read(reverse("sponsorship:sponsor", args=[who.pk])).text
    assert "Tiền đã giúp chỉ tiêu nào" in text
    assert "17.1" in text
    assert "2023:" in text
    assert "7.000.000 đ" in text


def test_a_sponsor_is_recorded_corrected_assigned_and_promises(client_of, district_officer, province_officer, read):
    client = client_of(district_officer)
    said = {"name": "Hội đồng hương", "kind": "compatriot"}
    assert post(client, "sponsor-new", said).status_code == 303
    made = Sponsor.objects.get(name="Hội đồng hương")
    assert "đã được ghi" in post(client, "sponsor-new", said).content.decode()
    assert post(client, "sponsor-edit", {**said, "name": "Hội Hà Linh", "version": 0}, made.pk).status_code == 303
    assign = {"decision": "7/QĐ-UBND", "decided_on": "02/01/2024", "year_from": "2024", "areas": "Hà Linh\n18553"}
    assert post(client, "assign", assign, made.pk).status_code == 404
    wrong = post(client_of(province_officer), "assign", {**assign, "areas": "Xã Không Có"}, made.pk)
    assert "không rõ là đơn vị nào" in wrong.content.decode()
    assert post(client_of(province_officer), "assign", assign, made.pk).status_code == 303
    promise = {
        "pledged_on": "20/05/2024",
        "sponsor": "Hội Hà Linh",
        "area": HA_LINH,
        "channel": "called",
        "amount": "9.000",
    }
    assert post(client, "pledge-new", promise).status_code == 303
    pledge = Pledge.objects.get(sponsor=made)
    text = read(reverse("sponsorship:sponsor", args=[made.pk])).text
    assert "7/QĐ-UBND" in text
    assert "9.000 đ" in text
    kept = client.get(f"/do-dau/so/ghi/?cam-ket={pledge.pk}").content.decode()
    assert "Thực hiện cam kết" in kept
    assert post(client, "pledge-withdraw", {"reason": "Dừng"}, pledge.pk).status_code == 303


def test_what_another_wrote_meanwhile_is_shown_before_it_is_replaced(client_of, province_officer, sponsor):
    made, client = sponsor("Hội đồng hương"), client_of(province_officer)
    said = {"name": "Hội Hà Nội", "kind": "enterprise", "version": 0}
    assert post(client, "sponsor-edit", said, made.pk).status_code == 303
    stale = post(client, "sponsor-edit", {**said, "name": "Hội Sài Gòn"}, made.pk)
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "hiện nay: Hội Hà Nội" in body
    assert 'value="Hội Sài Gòn"' in body
    assert re.search(r'name="version" value="1"', body)
    assert post(client, "sponsor-edit", {**said, "name": "Hội Sài Gòn", "version": 1}, made.pk).status_code == 303


@pytest.fixture
def known(area):
    """`known(year, met)`: an approved value of Hương Trạch's clean water in a year."""

    def write(year, met, code="18553"):
        found = Reading.objects.get(
            assessment__area__code=code,
            assessment__round__criteria_set__slug="commune-ntm-2021-2025",
            assessment__round__period__code=str(year),
            input__code="17.1",
        )
        told = {"value": 98 if met else 40, "verdict": Verdict.MET if met else Verdict.NOT_MET}
        Reading.objects.filter(pk=found.pk).update(**told, state=State.APPROVED, not_applicable=False)
        return found.input.indicator

    return write


def test_what_money_closed_is_told_from_the_year_before_to_the_latest(sponsor, received, read, known, district_officer):
    known(2023, met=False)
    indicator, who = known(2024, met=True), sponsor()
    received(7_000_000, sponsor=who, code="18553", indicator=indicator)
    wrong = received(1_000, sponsor=who, indicator=indicator)
    ledger.reverse(entry=wrong, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    page = sponsors.page(AnonymousUser(), who.pk)
    (effect,) = page.effects
    assert (effect.area.code, effect.amount, effect.is_closed) == ("18553", 7_000_000, True)
    assert (effect.before.value, effect.after.value) == (40, 98)
    text = read(reverse("sponsorship:sponsor", args=[who.pk])).text
    assert "1 chỉ tiêu từ chưa đạt thành đạt" in text
    assert "2023: 40%" in text
    assert "2024: 98%" in text


def test_money_that_closed_nothing_says_so(sponsor, received, known):
    known(2023, met=False)
    indicator, who = known(2024, met=False), sponsor()
    received(7_000_000, sponsor=who, code="18553", indicator=indicator)
    page = sponsors.page(AnonymousUser(), who.pk)
    assert (page.closed, page.effects[0].is_closed) == (0, False)


def test_a_sponsors_page_costs_the_same_for_one_entry_and_for_many(visitor, sponsor, received, known):
    indicator, who = known(2024, met=True), sponsor()

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(reverse("sponsorship:sponsor", args=[who.pk])).status_code == 200
        return len(asked)

    received(1, sponsor=who, code="18553", indicator=indicator)
    one = cost()
    for number in range(6):
        received(2 + number, sponsor=who, code=("18553", HA_LINH)[number % 2], indicator=indicator)
    assert cost() == one <= 16

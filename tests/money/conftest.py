"""Sponsors and entries of a year that the seed does not touch."""

import datetime as dt

import pytest
from django.urls import reverse

from communes.models import Village
from communes.text import search_key, sort_key
from sponsorship.actions.ledger import receive
from sponsorship.checks import Received
from sponsorship.models import Contribution, Sponsor
from tests.pages.conftest import Reader

YEAR = 2024
HA_LINH, HUONG_TRACH, HUONG_KHE, HUONG_SON_COMMUNE = "18502", "18553", "444", "18133"
DAY, LAST = dt.date(2024, 5, 20), dt.date(2025, 6, 30)


@pytest.fixture
def sponsor(db):
    """`sponsor(name)`: somebody who sponsors."""

    def make(name="Công ty thử nghiệm", kind="enterprise", **more) -> Sponsor:
        return Sponsor.objects.create(name=name, kind=kind, search_key=search_key(name), **more)

    return make


@pytest.fixture
def entry(sponsor, area):
    """`entry(amount)`: a row written straight into the ledger, as the seed does it."""

    def make(amount=1_500_000, *, code=HA_LINH, by=None, **more) -> Contribution:
        usual = {"channel": "assigned", "year": YEAR, "received_on": DAY}
        return Contribution.objects.create(
            sponsor=by or sponsor(), area=area(code, more.get("received_on") or DAY), amount=amount, **{**usual, **more}
        )

    return make


@pytest.fixture
def cancelling():
    """`cancelling(entry)`: the fields of the entry that cancels it."""

    def fields(cancelled: Contribution, **more):
        same = ("sponsor", "area", "channel", "kind", "year", "quantity", "unit", "rate", "rate_basis")
        told = {"amount": -cancelled.amount, "reverses": cancelled, "reason": "Ghi nhầm", "received_on": DAY}
        return {name: getattr(cancelled, name) for name in same} | told | more

    return fields


@pytest.fixture
def said(sponsor, area):
    """`said(amount)`: money for Hà Linh as an officer says it."""

    def make(amount=1_500_000, *, code=HA_LINH, **more) -> Received:
        day = more.get("received_on", DAY)
        usual = {
            "sponsor": more.pop("sponsor", None) or sponsor(),
            "area": area(code, min(day, LAST)),
            "channel": "called",
        }
        return Received(**{**usual, "received_on": DAY, "amount": amount, **more})

    return make


@pytest.fixture
def received(said, district_officer):
    """`received(amount)`: a contribution that the district's officer wrote down."""

    def make(amount=1_500_000, *, by=district_officer, **more) -> Contribution:
        return receive(said=said(amount, **more), by=by)

    return make


@pytest.fixture
def read(visitor):
    """`read(address, client=visitor)`: the page, which must answer 200 and hold nothing that the policy refuses."""

    def get(address, client=visitor) -> Reader:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        reader = Reader()
        reader.feed(response.content.decode())
        assert reader.faults == []
        assert reader.tags.count("h1") == 1
        return reader

    return get


@pytest.fixture
def typed():
    """What a browser posts for money to Hà Linh."""

    def make(**said):
        usual = {
            "received_on": "20/05/2024",
            "sponsor": "Công ty thử nghiệm",
            "area": "Xã Hà Linh",
            "channel": "called",
            "kind": "money",
            "amount": "15.000.000",
            "indicator": "17.1 Nước sạch",
            "purpose": "Nước sạch",
            "receipt": "BN-1",
        }
        return {**usual, **said}

    return make


def post(client, view, data, *args):
    return client.post(reverse(f"sponsorship:{view}", args=args), data)


@pytest.fixture
def village(area, province_officer):
    """`village(name)`: a village of Hà Linh, or of the commune of that code."""

    def make(name="Thôn 3", code=HA_LINH, **more):
        told = {"name_key": name.casefold(), "sort_key": sort_key(name), "written_at": "2024-01-01T00:00Z"}
        return Village.objects.create(commune=area(code), name=name, written_by=province_officer, **told, **more)

    return make

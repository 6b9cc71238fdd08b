"""Sponsorship over the API: the pages' totals to the đồng, names kept, filters, pages, statements."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Village
from criteria.models import Indicator
from sponsorship.actions import ledger, pledges, spending, sponsors, years
from sponsorship.models import Arrears, Funding
from sponsorship.queries import funding, gaps, totals
from tests.money.conftest import DAY, HA_LINH

pytestmark = pytest.mark.django_db
SPLITS = ("by_channel", "by_kind", "by_source", "by_district", "by_area", "by_criterion", "by_sponsor")


@pytest.fixture
def ask(visitor):
    """`ask(resource, client=visitor, **parameters)`: the body of a 200."""

    def get(resource, client=visitor, **parameters):
        response = client.get(f"/api/v1/sponsorship/{resource}/", parameters)
        assert response.status_code == 200, response.content
        return response.json()

    return get


@pytest.fixture
def hidden(sponsor):
    return sponsor("Bà Giấu Tên", "individual", is_anonymous=True)


@pytest.fixture
def assigned(area, province_officer):
    """`assigned(sponsor)`: the province assigned it to Hà Linh and one of its villages."""

    def make(who, decision="9/QĐ-UBND"):
        commune = area(HA_LINH)
        told = {"name_key": "thôn 3", "sort_key": "3", "written_at": "2024-01-01T00:00Z"}
        known = Village.objects.filter(commune=commune, name="Thôn 3").first()
        village = known or Village.objects.create(commune=commune, name="Thôn 3", written_by=province_officer, **told)
        said = {"decision": decision, "decided_on": DAY, "year_from": 2024, "year_to": 2025}
        return sponsors.assign(sponsor=who, areas=[commune], villages=[village], by=province_officer, **said)

    return make


def test_the_years_totals_are_the_pages_to_the_dong(ask, read):
    body = ask("totals", year=2023)
    found = totals.year_totals(2023)
    assert (body["total"], body["entries"]) == (found.total, found.entries) == (95_539_000_000, found.entries)
    for split in SPLITS:
        assert sum(part["amount"] for part in body[split]) == body["total"], split
        assert sum(part["entries"] for part in body[split]) == body["entries"], split
    assert "95.539.000.000 đ" in read("/do-dau/?nam=2023").text
    rows, address = 0, {"year": 2023, "limit": 50}
    while address is not None:
        page = ask("contributions", **address)
        rows += sum(row["amount"] for row in page["results"])
        cursor = page["next"] and page["next"].split("cursor=")[1].split("&")[0]
        address = {"year": 2023, "limit": 50, "cursor": cursor} if cursor else None
    assert rows == body["total"]


def test_a_closed_year_tells_its_total_and_the_difference(ask, received, district_officer, province_officer):
    first = received(2_000_000)
    years.close(year=2024, by=province_officer)
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    body = ask("totals", year=2024)
    assert (body["total"], body["is_closed"], body["later"], body["later_entries"]) == (2_000_000, True, -2_000_000, 1)


def test_the_board_is_the_pages(ask, client_of, received, area, district_officer):
    found = gaps.board(size=10_000)
    seen, parameters = [], {"limit": 400}
    while parameters is not None:
        page = ask("gaps", **parameters)
        seen += [(row["area"]["code"], row["indicator"], row["missing"]) for row in page["results"]]
        cursor = page["next"] and page["next"].split("cursor=")[1].split("&")[0]
        parameters = {"limit": 400, "cursor": cursor} if cursor else None
    assert seen == [(gap.area.code, gap.code, gap.missing) for gap in found.gaps]
    assert (page["count"], page["missing"], page["year"]) == (found.count, found.missing, found.year)
    one = found.gaps[0]
    narrow = ask("gaps", area=one.origins[0].code, indicator=one.code)
    assert [row["indicator"] for row in narrow["results"]] == [one.code]


def test_funding_is_the_pages(ask, area, province_officer):
    unit = area(HA_LINH)
    for line, plan in (("central", 7_000_000), ("commune", 5_000_000)):
        Funding.objects.create(area=unit, year=2024, line=line, plan=plan, mobilised=3, disbursed=1)
    Arrears.objects.create(area=unit, year=2024, amount=9)
    rows = ask("funding", year=2024)["results"]
    table = funding.table(2024)
    for measure in ("plan", "mobilised", "disbursed"):
        assert sum(row[measure] for row in rows) == getattr(table.total, measure)
    assert sum(row["amount"] for row in ask("arrears", year=2024)["results"]) == table.arrears == 9
    assert ask("funding", year=2024, line="central")["count"] == 1
    assert ask("funding", year=2024, district="439")["count"] == 0
    assert ask("arrears", year=2024, area=HA_LINH)["count"] == 1


def test_a_sponsor_gives_what_its_page_says(ask, read, received, sponsor, assigned):
    who = sponsor()
    received(5_000_000, sponsor=who)
    received(2_000_000, sponsor=who)
    (row,) = ask("sponsors", q="cong ty thu nghiem")["results"]
    assert (row["id"], row["received"]) == (who.pk, 7_000_000)
    assert "7.000.000 đ" in read(f"/do-dau/nha-tai-tro/{who.pk}/").text
    assigned(who)
    (row,) = ask("assignments", sponsor=who.pk)["results"]
    assert [unit["code"] for unit in row["areas"]] == [HA_LINH]
    assert row["villages"] == [{"name": "Thôn 3", "commune": HA_LINH}]
    assert ask("assignments", sponsor=who.pk, year=2026)["count"] == 0
    assert ask("assignments", sponsor=who.pk, village="Thôn 3", year=2025)["count"] == 1


def test_a_pledge_tells_what_came_of_it(ask, area, sponsor, received, district_officer):
    who = sponsor()
    usual = {"sponsor": who, "area": area(HA_LINH), "channel": "called", "pledged_on": DAY, "by": district_officer}
    promise = pledges.pledge(**usual, amount=600)
    received(200, sponsor=who, pledge=promise)
    pledges.withdraw(pledge=pledges.pledge(**usual, amount=70), reason="Dừng", by=district_officer)
    kept, gone = sorted(ask("pledges", sponsor=who.pk)["results"], key=lambda row: -row["amount"])
    assert (kept["amount"], kept["kept"], kept["left"], kept["is_withdrawn"]) == (600, 200, 400, False)
    assert (gone["left"], gone["is_withdrawn"]) == (0, True)
    assert ask("pledges", sponsor=who.pk, is_withdrawn="true")["count"] == 1


def test_what_was_spent_is_told_beside_its_contribution(ask, received, district_officer):
    first = received(1_000_000)
    spent = spending.spend(entry=first, amount=400_000, paid_on=dt.date(2024, 6, 1), by=district_officer)
    spending.take_back(spent=spent, reason="Nhầm", by=district_officer, on=dt.date(2025, 1, 5))
    spending.spend(entry=first, amount=300_000, paid_on=dt.date(2024, 7, 1), by=district_officer)
    rows = ask("disbursements", contribution=first.pk)["results"]
    assert sorted(row["amount"] for row in rows) == [-400_000, 300_000, 400_000]
    assert ask(f"contributions/{first.pk}")["spent"] == 300_000


def test_what_replaces_a_cancelled_entry_names_it(ask, received, said, district_officer):
    first = received(5, purpose="Đường thôn")
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 2, 3))
    again = {"sponsor": first.sponsor, "replaces": first, "given_on": DAY, "received_on": dt.date(2025, 2, 3)}
    ledger.receive(said=said(7, purpose="Đường thôn", **again), by=district_officer)
    (row,) = ask("contributions", year=2024, is_replacement="true")["results"]
    assert (row["replaces"], row["given_on"], row["received_on"]) == (first.pk, "2024-05-20", "2025-02-03")
    assert ask("contributions", year=2024, q="duong thon")["count"] == 3


def test_who_asked_not_to_be_named_is_named_nowhere_out_of_scope(
    ask, hidden, received, area, assigned, visitor, client_of, district_officer, other_district_officer
):
    entry = received(5, sponsor=hidden)
    usual = {"area": entry.area, "channel": "called", "pledged_on": DAY, "amount": 5, "by": district_officer}
    pledges.pledge(sponsor=hidden, **usual)
    assigned(hidden)
    resources = ("sponsors", "assignments", "pledges", "contributions", "totals", "gaps")
    for client in (visitor, client_of(other_district_officer)):
        for resource in resources:
            asked = {"year": 2024} if resource in ("totals", "pledges", "contributions") else {}
            assert "Giấu Tên" not in str(ask(resource, client, **asked)), resource
        assert client.get(f"/api/v1/sponsorship/sponsors/{hidden.pk}/").status_code == 404
        assert ask("contributions", client, sponsor=hidden.pk)["count"] == 0
        assert ask("pledges", client, sponsor=hidden.pk)["count"] == 0
        (row,) = ask("contributions", client, year=2024)["results"]
        assert row["sponsor_id"] is None
    own = client_of(district_officer)
    assert ask(f"sponsors/{hidden.pk}", own)["received"] == 5
    for resource in ("assignments", "pledges", "contributions"):
        assert "Giấu Tên" in str(ask(resource, own, sponsor=hidden.pk)), resource


@pytest.mark.parametrize(
    ("resource", "wrong"),
    [
        ("sponsors", {"kind": "x"}),
        ("contributions", {"sponsor": "9" * 30}),
        ("disbursements", {"contribution": "1.5"}),
        ("assignments", {"area": "x"}),
        ("pledges", {"district": "x"}),
        ("disbursements", {"year": "hai"}),
        ("funding", {"line": "x"}),
        ("arrears", {"as_of": "2024-01-01"}),
        ("gaps", {"cursor": "x"}),
        ("gaps", {"q": "x"}),
        ("totals", {"year": "x"}),
    ],
)
def test_a_parameter_that_cannot_be_understood_is_named(visitor, resource, wrong):
    response = visitor.get(
        f"/api/v1/sponsorship/{resource}/", {"year": 2024, **wrong} if resource == "totals" else wrong
    )
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == list(wrong)


@pytest.mark.parametrize(
    "resource", ["sponsors", "assignments", "pledges", "contributions", "disbursements", "funding", "arrears", "gaps"]
)
def test_a_list_costs_the_same_for_one_and_for_many(
    resource, visitor, sponsor, received, area, assigned, district_officer, province_officer
):
    indicator = Indicator.objects.get(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1")

    def fill(number):
        who = sponsor(f"Công ty {number}")
        assigned(who, f"{number}/QĐ")
        usual = {"sponsor": who, "area": area(HA_LINH), "channel": "called", "pledged_on": DAY, "by": district_officer}
        pledges.pledge(**usual, amount=9, indicator=indicator)
        first = received(1_000, sponsor=who, indicator=indicator)
        spending.spend(entry=first, amount=5, paid_on=DAY, by=district_officer)
        Funding.objects.create(area=area(HA_LINH), year=2000 + number, line="central")
        Arrears.objects.create(area=area(HA_LINH), year=2000 + number, amount=1)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(f"/api/v1/sponsorship/{resource}/").status_code == 200
        return len(asked)

    fill(1)
    cost()
    one = cost()
    for number in range(2, 8):
        fill(number)
    assert cost() == one <= 8

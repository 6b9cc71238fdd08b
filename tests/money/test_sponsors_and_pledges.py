"""Sponsors, assignments, pledges and what communes ask for."""

import datetime as dt

import pytest

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from communes.models import Village
from criteria.models import Indicator
from sponsorship.actions import pledges, sponsors
from sponsorship.models import Need
from tests.money.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator():
    return Indicator.objects.get(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1")


def add(by, name="Công ty Thử", **more):
    return sponsors.add(**{"name": name, "kind": "enterprise", "is_anonymous": False, "by": by, **more})


def test_a_sponsor_is_recorded_once(district_officer):
    assert add(district_officer).search_key == "cong ty thu"
    with pytest.raises(Refused) as refused:
        add(district_officer, "CÔNG TY  THỬ")
    assert refused.value.field == "name"


def test_nobody_learns_from_a_refusal_who_asked_not_to_be_named(district_officer, other_district_officer):
    add(district_officer, is_anonymous=True)
    assert add(other_district_officer).pk


def test_a_sponsor_is_corrected_by_who_recorded_it_or_the_province(
    district_officer, other_district_officer, province_officer
):
    made = add(district_officer)
    said = {"sponsor": made, "name": "Công ty Mới", "kind": "enterprise", "is_anonymous": True}
    with pytest.raises(OutOfScope):
        sponsors.correct(**said, version=0, by=other_district_officer)
    sponsors.correct(**said, version=0, by=district_officer)
    with pytest.raises(Stale):
        sponsors.correct(**said, version=0, by=province_officer)
    assert sponsors.correct(**said, version=1, by=province_officer).version == 2


def test_an_assignment_is_for_many_communes_and_villages(sponsor, area, province_officer, district_officer):
    commune = area("18502")
    village = Village.objects.create(
        commune=commune,
        name="Thôn 1",
        name_key="thôn 1",
        sort_key="1",
        written_by=province_officer,
        written_at="2024-01-01T00:00Z",
    )
    said = {"sponsor": sponsor(), "decision": "12/QĐ-UBND", "decided_on": DAY, "year_from": 2024}
    made = sponsors.assign(
        **said, areas=[commune, area("18553")], villages=[village], year_to=2025, by=province_officer
    )
    assert (made.areas.count(), made.villages.count()) == (2, 1)
    with pytest.raises(Refused, match="đã được ghi"):
        sponsors.assign(**said, areas=[commune], by=province_officer)
    with pytest.raises(OutOfScope):
        sponsors.assign(**said, areas=[commune], by=district_officer)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"codes": []}, "areas"),
        ({"codes": ["444"]}, "areas"),
        ({"year_to": 2023}, "year_to"),
        ({"decision": ""}, "decision"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused_at_its_field(sponsor, area, province_officer, wrong, field):
    said = {"decision": "12/QĐ-UBND", "year_from": 2024, "codes": ["18502"], **wrong}
    areas = [area(code) for code in said.pop("codes")]
    with pytest.raises(Refused) as refused:
        sponsors.assign(sponsor=sponsor(), decided_on=DAY, areas=areas, by=province_officer, **said)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": -5}, "amount"),
        ({"amount": 0}, "amount"),
        ({"channel": "called_by_communes"}, "channel"),
        ({"pledged_on": dt.date(2199, 1, 1)}, "pledged_on"),
    ],
)
def test_a_pledge_that_cannot_be_is_refused_at_its_field(sponsor, area, district_officer, wrong, field):
    usual = {"channel": "called", "pledged_on": DAY, "amount": 5}
    with pytest.raises(Refused) as refused:
        pledges.pledge(sponsor=sponsor(), area=area("18502"), by=district_officer, **{**usual, **wrong})
    assert refused.value.field == field


def test_a_pledge_is_made_and_withdrawn_within_scope_only(sponsor, area, district_officer, other_district_officer):
    usual = {"sponsor": sponsor(), "area": area("18502"), "channel": "called", "pledged_on": DAY, "amount": 5}
    with pytest.raises(OutOfScope):
        pledges.pledge(**usual, by=other_district_officer)
    made = pledges.pledge(**usual, by=district_officer)
    with pytest.raises(OutOfScope):
        pledges.withdraw(pledge=made, reason="x", by=other_district_officer)
    pledges.withdraw(pledge=made, reason="Dừng", by=district_officer)
    with pytest.raises(WrongState):
        pledges.withdraw(pledge=made, reason="Dừng", by=district_officer)


def test_what_a_commune_asks_for_is_corrected_by_who_saw_the_last_figure(area, indicator, commune_officer):
    said = {"area": area("18502"), "indicator": indicator, "year": 2024, "by": commune_officer}
    made = pledges.ask(**said, amount=2_350_000_000)
    with pytest.raises(Stale):
        pledges.ask(**said, amount=1)
    pledges.ask(**said, amount=2_000_000_000, version=made.version)
    assert Need.objects.get(pk=made.pk).amount == 2_000_000_000
    with pytest.raises(Refused):
        pledges.ask(**said, amount=-1, version=1)

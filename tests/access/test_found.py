"""What the matrix found when it was first asked, each by itself."""

import pytest

from criteria.models import Reading, State
from criteria.queries.held import held
from criteria.queries.scope import Permission, reach, visible_readings
from tests.access.world import FOREIGN, OWN


def test_a_department_leads_in_the_province_of_the_portal_only(world):
    officer = world.people["department officer"].user
    own, foreign = world.units[OWN].led, world.units[FOREIGN].led
    assert set(visible_readings(officer).filter(pk__in=[own.pk, foreign.pk])) == {own}
    mine = reach(officer, Permission.SEE_DRAFTS)
    assert {value.pk for value in held([own.pk, foreign.pk]) if mine.holds(value)} == {own.pk}


def test_the_trail_of_the_province_holds_nothing_of_another(world):
    office = world.people["province officer"].client
    page = office.get("/nhat-ky/").content.decode()
    assert world.units[OWN].secret("trail") in page
    assert world.units[FOREIGN].secret("trail") not in page
    filtered = office.get("/nhat-ky/", {"don-vi": "99001"}).content.decode()
    assert world.units[FOREIGN].secret("trail") not in filtered


def test_the_trail_of_the_province_still_holds_what_happened_nowhere_in_particular(world, administrator):
    from accounts import tokens

    tokens.issue(by=administrator, name="Mã của quản trị")
    assert "Cấp khoá API" in world.people["province officer"].client.get("/nhat-ky/").content.decode()


def test_a_form_of_spending_out_of_scope_is_absent_before_it_is_read(world):
    office = world.people["province officer"].client
    assert office.post(f"/do-dau/so/{world.units[FOREIGN].gift.pk}/chi/", {}).status_code == 404
    assert office.post(f"/do-dau/so/{world.units[OWN].gift.pk}/chi/", {}).status_code == 422


@pytest.mark.parametrize("name", ["visitor", "officer of another district", "token of one commune"])
def test_counts_are_of_what_is_seen(world, name):
    client = world.people[name].client
    body = client.get("/api/v1/readings/", {"state": "submitted", "limit": 1}).json()
    seen = Reading.objects.filter(state=State.SUBMITTED).count()
    assert body["count"] < seen

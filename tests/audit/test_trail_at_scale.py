"""The audit page over many acts: a district stands for its communes, rare acts are found by an index."""

import pytest
from django.db import connection

from accounts import audit
from accounts.models import AuditEvent
from criteria.queries import trail
from tests.papers.conftest import HA_LINH


@pytest.fixture
def acts(db, area, province_officer):
    """One act in Hà Linh, one in its district, one in the district beside it."""
    places = {HA_LINH: f"/42/444/{HA_LINH}/", "444": "/42/444/", "439": "/42/439/"}
    return {
        code: audit.record(by=province_officer, action="book.add", subject=area(code), area_path=path)
        for code, path in places.items()
    }


def found(user, **asked) -> set[int]:
    return {entry.event.pk for entry in trail.trail(user, trail.Filter(act="book.add", **asked)).entries}


@pytest.mark.parametrize("said", ["444", "huyen huong khe"])
def test_a_district_stands_for_its_communes(acts, province_officer, said):
    assert found(province_officer, unit=said) == {acts[HA_LINH].pk, acts["444"].pk}


def test_a_commune_stands_for_itself(acts, province_officer):
    assert found(province_officer, unit=HA_LINH) == {acts[HA_LINH].pk}


def test_a_district_officer_finds_nothing_of_another_district(acts, district_officer):
    assert found(district_officer) == {acts[HA_LINH].pk, acts["444"].pk}
    assert found(district_officer, unit="439") == set()


@pytest.mark.parametrize("columns", [["actor_id", "id"], ["action", "id"], ["area_path"], ["at"]])
def test_every_filter_has_an_index(db, columns):
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, AuditEvent._meta.db_table)
    assert columns in [constraint["columns"] for constraint in known.values() if constraint["index"]]


@pytest.mark.sqlite
def test_a_rare_act_is_found_without_walking_the_whole_trail(acts, province_officer):
    rows = AuditEvent.objects.filter(action="reading.unlock").order_by("-id")[:51]
    assert "audit_action" in rows.explain()

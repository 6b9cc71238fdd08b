"""How many statements each route of the API takes: the committed numbers. A change of one is a change to explain."""

from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ntm_portal.api import router

pytestmark = pytest.mark.django_db

COMMITTED = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text(encoding="utf-8"))
# No district exists today.
ON = {"districts": {"as_of": "2024-12-31"}}
ROUTES = {prefix: view for prefix, view, _ in router.registry}


@pytest.fixture
def cost(api):
    """`cost(address)`: the statements of a visitor's read, with nothing kept."""

    def of(address, **asked):
        with CaptureQueriesContext(connection) as statements:
            response = api.get(f"/api/v1/{address}", asked)
        assert response.status_code == 200, response.content
        return len(statements)

    return of


def test_every_route_has_a_committed_number():
    assert set(COMMITTED["lists"]) == set(COMMITTED["objects"]) == set(ROUTES)


@pytest.mark.parametrize("prefix", ROUTES)
def test_a_list_takes_the_committed_number_for_one_row_and_for_a_thousand(cost, prefix):
    assert {limit: cost(f"{prefix}/", limit=limit, **ON.get(prefix, {})) for limit in (1, 1000)} == dict.fromkeys(
        (1, 1000), COMMITTED["lists"][prefix]
    )


@pytest.mark.parametrize("prefix", ROUTES)
def test_a_brief_list_takes_fewer_or_as_many(cost, prefix):
    assert cost(f"{prefix}/", brief="true", count="none", **ON.get(prefix, {})) < COMMITTED["lists"][prefix]


@pytest.mark.parametrize("prefix", ROUTES)
def test_an_object_takes_the_committed_number(cost, read, prefix):
    key = ROUTES[prefix].lookup_url_kwarg or ROUTES[prefix].lookup_field
    name = "id" if key == "pk" else key
    rows = read(f"{prefix}/", limit=1, fields=name, **ON.get(prefix, {}))["results"]
    assert COMMITTED["objects"][prefix] == (cost(f"{prefix}/{rows[0][name]}/") if rows else None)


@pytest.mark.parametrize("address", COMMITTED["others"])
def test_another_route_takes_the_committed_number(cost, address):
    assert cost(address) == COMMITTED["others"][address]

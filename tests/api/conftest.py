"""Reading the API as a visitor; the database holds the real territory."""

import datetime as dt

import pytest
from django.test import Client

from communes.models import Area, Kind, Level, Placement
from communes.text import search_key, sort_key
from tests.workflow.conftest import fill, folder, journey, open_round_2024, reading

__all__ = ["fill", "folder", "journey", "open_round_2024", "reading"]

UNTIL = dt.date(2025, 6, 30)


@pytest.fixture
def more_communes(db, area):
    """`more_communes(n)`: n further communes of Hương Khê, until the districts end."""

    def create(how_many):
        district = area("444")
        above = district.placements.get().path
        made = []
        for number in range(how_many):
            name, code = f"Xã Thử {number:04d}", f"{90000 + number}"
            made.append(
                Area(
                    code=code,
                    name=name,
                    short_name=name[3:],
                    kind=Kind.COMMUNE,
                    level=Level.COMMUNE,
                    valid_to=UNTIL,
                    search_key=search_key(name),
                    sort_key=sort_key(name),
                )
            )
        Area.objects.bulk_create(made)
        made = list(Area.objects.filter(code__startswith="900").order_by("code"))
        Placement.objects.bulk_create(
            Placement(area=unit, parent=district, path=f"{above}{unit.code}/", valid_to=UNTIL) for unit in made
        )
        return made

    return create


@pytest.fixture
def api(db):
    """A reader who is not signed in."""
    return Client(headers={"accept": "application/json"})


@pytest.fixture
def read(api):
    """`read(address, **parameters)` → the body of a 200."""

    def get(address, **parameters):
        response = api.get(f"/api/v1/{address}", parameters)
        assert response.status_code == 200, response.content
        return response.json()

    return get


@pytest.fixture
def problem(api):
    """`problem(address, **parameters)` → the problem document of a refused read, checked for its shape."""

    def get(address, **parameters):
        response = api.get(f"/api/v1/{address}", parameters)
        return as_problem(response)

    return get


def as_problem(response, status=None):
    """The body of `response`, which must be a problem document (of `status`)."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == response.status_code == (status or body["status"])
    assert body["type"].startswith("urn:ntm-portal:problem:")
    return body


@pytest.fixture
def somebody(db, django_user_model):
    """A person without any appointment."""
    return django_user_model.objects.create_user("somebody", password="a-long-password-12", display_name="Ai đó")


@pytest.fixture
def signed_in(somebody):
    client = Client()
    client.force_login(somebody)
    return client


@pytest.fixture
def send(client_of):
    """`send(user, "patch", address, **body)`: a JSON write as `user` (None: nobody), with `headers` if given."""

    def write(user, method, address, headers=None, **body):
        client = client_of(user) if user else Client()
        address = f"/api/v1/{address}"
        return getattr(client, method)(address, body, content_type="application/json", headers=headers)

    return write

"""A decision as an officer types it, and the units that it may be about."""

import datetime as dt

import pytest
from django.urls import reverse

from communes.actions import add_rows
from criteria.actions.decisions import Paper, record_decision
from criteria.models import Recognition
from tests.desk.conftest import communes_of, office  # noqa: F401

DAY = dt.date(2024, 11, 1)
# Hương Trạch holds NTM and advanced; Hà Linh holds NTM and not advanced.
HUONG_TRACH, HA_LINH, HUONG_KHE_TOWN = "18553", "18502", "18496"


@pytest.fixture
def store(settings, tmp_path):
    """The folder of uploaded files, of its own for the test."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def paper(area):
    """`paper(codes, **said)`: a decision that grants model to Hương Trạch, unless it says otherwise."""

    def make(*codes: str, **said) -> Paper:
        areas = [area(code) for code in codes or (HUONG_TRACH,)]
        usual = {
            "number": "2864/QĐ-UBND",
            "issued_on": DAY,
            "issuer": "UBND tỉnh Hà Tĩnh",
            "signer": "Người ký thử nghiệm",
            "tier": "model",
            "act": Recognition.Act.GRANTED,
            "result_year": 2024,
        }
        return Paper(**{**usual, "areas": areas, **said})

    return make


@pytest.fixture
def recorded(paper, province_officer):
    """A recorded decision: model to Hương Trạch."""
    return record_decision(paper=paper(), by=province_officer)


@pytest.fixture
def typed():
    """What a browser posts for that decision."""

    def make(**said) -> dict[str, object]:
        usual = {
            "number": "2864/QĐ-UBND",
            "issued_on": "01/11/2024",
            "issuer": "UBND tỉnh Hà Tĩnh",
            "signer": "Người ký thử nghiệm",
            "title": "",
            "tier": "model",
            "act": "granted",
            "result_year": "2024",
            "ground": "",
            "other_ground": "",
            "units": HUONG_TRACH,
        }
        return {**usual, **said}

    return make


@pytest.fixture
def send(client_of):
    """`send(user, view, data, *args)`: post a form as that person."""

    def post(user, view: str, data=None, *args):
        return client_of(user).post(reverse(view, args=args), data or {})

    return post


@pytest.fixture
def home(area):
    return area(HA_LINH)


@pytest.fixture
def write(home, commune_officer):
    """`write(kind, *rows)`: rows in the book of Hà Linh, written by its officer."""

    def add(kind, *said, by=None):
        return add_rows(kind=kind, commune=home, rows=list(said), by=by or commune_officer)

    return add


@pytest.fixture
def book_page(client_of):
    """`book_page(user, name, *args, **query)`: a page of the registers, as that person gets it."""

    def get(user, name: str, *args, **query):
        return client_of(user).get(reverse(f"communes:{name}", args=args), query)

    return get

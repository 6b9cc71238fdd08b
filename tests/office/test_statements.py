"""How many statements each page takes: the committed numbers. A change of one is a change to explain.

The numbers do not depend on how much is kept: the same pages are asked again with other provinces in the same tables
(`make bench ONLY=P17` asks them with 16 and 63).
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import neighbours
from bench.addresses import places
from criteria.models import Reading, State

pytestmark = pytest.mark.django_db

COMMITTED = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text(encoding="utf-8"))
EVERY = {f"{who} {page}": number for who, pages in COMMITTED.items() for page, number in pages.items()}
Counts = dict[str, int]


@pytest.fixture
def counted(request, client_of) -> Callable[[], Counts]:
    """Every committed page, asked by its person with nothing kept; `visitor` is nobody."""

    def count(who: str, address: str) -> int:
        # Signed in anew: a session that has lasted a minute is written again, by whichever page comes then.
        client = Client() if who == "visitor" else client_of(request.getfixturevalue(who))
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, f"{who} {address}: {answer.status_code}"
        return len(asked)

    def every() -> Counts:
        known = places()
        found = {}
        for who, pages in COMMITTED.items():
            for page, number in pages.items():
                address = page.format(**known)
                # Asked again where the number is another: what a fresh connection prepares once is not the page's.
                first = count(who, address)
                found[f"{who} {page}"] = first if first == number else count(who, address)
        return found

    return every


def test_every_page_takes_the_committed_number_of_statements(counted):
    assert counted() == EVERY


def test_the_numbers_are_the_same_with_more_provinces(counted):
    neighbours.settle(2, communes=3)
    assert Reading.objects.filter(assessment__round__province__code="N01", state=State.APPROVED).count() > 100
    assert counted() == EVERY

"""A statement that takes too long is ended: the API answers 503 with a problem document, a page with what to do."""

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.signals import connection_created

from accounts import signin
from communes.api import CommuneViewSet
from ntm_portal import slow_statements
from tests.api.conftest import as_problem


def slow(*_args, **_kwargs):
    """A real statement that is ended, where the database can; else what its driver says when it is locked."""
    if connection.vendor != "postgresql":
        raise OperationalError("database is locked")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30ms'")
        cursor.execute("SELECT pg_sleep(5)")


def test_the_api_says_so_in_a_problem_document(api, monkeypatch):
    monkeypatch.setattr(CommuneViewSet, "get_queryset", slow)
    response = api.get("/api/v1/communes/")
    body = as_problem(response, 503)
    assert body["type"].rsplit(":", 1)[1] == ("too_slow" if connection.vendor == "postgresql" else "busy")
    assert response["Retry-After"] == "5"


def test_a_page_says_so_in_words(visitor, monkeypatch, db):
    monkeypatch.setattr(signin, "check", slow)
    response = visitor.post("/dang-nhap/", {"username": "ai-do", "password": "mot-mat-khau-dai-12"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Chưa trả lời kịp" in response.content.decode()


def test_another_fault_of_the_database_stays_a_fault(api, monkeypatch):
    def broken(self):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(CommuneViewSet, "get_queryset", broken)
    api.raise_request_exception = False
    as_problem(api.get("/api/v1/communes/"), 500)


@pytest.fixture
def own_connection(db):
    """A connection that is opened now."""
    made = connections.create_connection("default")
    yield made
    made.close()
    connection_created.disconnect(dispatch_uid=slow_statements.LIMIT)


def test_every_connection_of_the_process_has_the_limit(own_connection):
    slow_statements.limit(7)
    with own_connection.cursor() as cursor:
        if own_connection.vendor != "postgresql":
            return
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)

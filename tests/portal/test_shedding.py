"""Too many readers at once: those who waited too long are told to come back, people at work are not."""

import json
import socket
import struct

import pytest
from django.conf import settings as portal
from django.http import HttpResponse
from django.test import RequestFactory

from ntm_portal import shedding

OTHER_BYTES = b"\0" * shedding._LAST_DATA_RECEIVED


class Connection:
    """A connection whose last bytes came in a while ago."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def getsockopt(self, level: int, option: int, length: int) -> bytes:
        return OTHER_BYTES + struct.pack("I", self.milliseconds)


@pytest.fixture(autouse=True)
def limit(settings):
    settings.SHED_AFTER_MILLISECONDS = 600


def ask(path="/", *, waited=10_000, method="get", cookies=None, **headers) -> HttpResponse:
    request = getattr(RequestFactory(), method)(path, headers=headers, **{"gunicorn.socket": Connection(waited)})
    request.COOKIES = cookies or {}
    return shedding.SheddingMiddleware(lambda _: HttpResponse("đã trả lời"))(request)


def test_a_visitor_who_waited_too_long_is_told_when_to_come_back():
    answer = ask()
    assert answer.status_code == 503
    assert 5 <= int(answer["Retry-After"]) <= 20
    assert answer["Cache-Control"] == "no-store"
    assert "Quá nhiều người đang xem" in answer.content.decode()


def test_a_machine_is_told_so_in_a_problem_document():
    answer = ask("/api/v1/communes/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    told = json.loads(answer.content)
    assert told["type"] == "urn:ntm-portal:problem:overloaded"
    assert told["detail"]
    assert told["detail_en"].startswith("Too many people")


def test_those_who_come_back_do_not_come_as_one():
    assert len({ask()["Retry-After"] for _ in range(100)}) > 5


@pytest.mark.parametrize(
    "asked",
    [
        {"waited": 599},
        {"cookies": {portal.SESSION_COOKIE_NAME: "x"}},
        {"Authorization": "Token x"},
        {"method": "post"},
        {"path": "/healthz"},
        {"path": "/readyz"},
        {"path": "/static/css/base.css"},
    ],
    ids=["in time", "signed in", "with a token", "sending", "alive?", "ready?", "stylesheet"],
)
def test_others_are_answered(asked):
    assert ask(**asked).status_code == 200


def test_nobody_is_turned_away_where_it_is_switched_off(settings):
    settings.SHED_AFTER_MILLISECONDS = 0
    assert ask().status_code == 200


def test_the_kernel_tells_how_long_a_request_has_waited():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        taken, _ = server.accept()
        with taken:
            taken.recv(100)
            request = RequestFactory().get("/", **{"gunicorn.socket": taken})
            assert 0 <= shedding.waited(request) < 60_000


def test_without_a_connection_or_over_another_kind_nothing_waited():
    one, other = socket.socketpair()
    with one, other:
        assert shedding.waited(RequestFactory().get("/")) == 0
        assert shedding.waited(RequestFactory().get("/", **{"gunicorn.socket": one})) == 0

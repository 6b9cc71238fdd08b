"""Public pages under a crowd: drawn once a state, compressed once, the state before for whoever comes meanwhile."""

import gzip
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpResponse
from django.test import RequestFactory

from communes import epochs
from reports import caching
from reports.caching import Kept, kept_for_visitors

pytestmark = pytest.mark.django_db


class Page:
    """A view that counts how often it was drawn, and can be held in the middle."""

    def __init__(self) -> None:
        self.drawn = 0
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self.view = kept_for_visitors(self._draw)

    def _draw(self, request) -> HttpResponse:
        self.drawn += 1
        self.begun.set()
        assert self.go_on.wait(10)
        return HttpResponse(f"trang {self.drawn}")

    def ask(self, **headers) -> HttpResponse:
        return self.view(request_for(**headers))


@pytest.fixture
def page() -> Page:
    cache.clear()
    return Page()


def test_it_is_drawn_once_a_state(page):
    assert [page.ask().content for _ in range(3)] == [b"trang 1"] * 3
    epochs.bump()
    assert [page.ask().content for _ in range(3)] == [b"trang 2"] * 3
    assert page.drawn == 2


def test_whoever_takes_it_compressed_is_given_it_compressed(page):
    for _ in range(2):
        answer = page.ask(**{"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.content) == b"trang 1"
    plain = page.ask()
    assert plain.content == b"trang 1"
    assert "Content-Encoding" not in plain.headers
    assert {"Cookie", "Accept-Encoding"} <= set(plain.headers["Vary"].split(", "))


def test_while_one_draws_the_new_state_the_others_are_given_the_one_before(page):
    first = page.ask()
    epochs.bump()
    cache.add(f"{place()}.drawing", True)
    meanwhile = page.ask()
    assert (meanwhile.content, meanwhile.headers["ETag"]) == (b"trang 1", first.headers["ETag"])
    assert page.ask(**{"If-None-Match": first.headers["ETag"]}).status_code == 304
    cache.delete(f"{place()}.drawing")
    assert page.ask().content == b"trang 2"
    assert page.drawn == 2


def test_on_a_server_the_next_state_waits_a_moment_while_the_last_is_given(page, settings):
    settings.PAGES_HELD_SECONDS = 60
    page.ask()
    epochs.bump()
    assert page.ask().content == b"trang 1"
    cache.delete(f"{place()}.drawing")  # as when the moment has passed
    assert page.ask().content == b"trang 2"


def test_a_drawing_that_fails_holds_nobody_up(page):
    page.go_on.clear()
    page.go_on.wait = lambda _: False
    with pytest.raises(AssertionError):
        page.ask()
    page.go_on = threading.Event()
    page.go_on.set()
    assert page.ask().status_code == 200


def test_a_first_drawing_that_never_comes_is_drawn_by_who_waited(page, monkeypatch):
    monkeypatch.setattr(caching, "_WAIT", 0.2)
    cache.add(f"{place()}.drawing", True)
    assert page.ask().content == b"trang 1"


def near_a_process(monkeypatch) -> None:
    """As on the server profile, where a process keeps pages near."""
    monkeypatch.setattr(caching, "near", LocMemCache("beside", {}))
    monkeypatch.setattr(caching, "_LOOKS_EVERY", 60)
    caching.near.clear()


def test_between_two_looks_at_the_counter_a_process_gives_what_it_just_gave(
    page, monkeypatch, django_assert_num_queries
):
    near_a_process(monkeypatch)
    page.ask()
    held = page.ask().headers["ETag"]
    epochs.bump()
    with django_assert_num_queries(0):
        assert page.ask().content == b"trang 1"
        assert page.ask(**{"If-None-Match": held}).status_code == 304
    caching.near.clear()  # as when the moment has passed
    assert page.ask().content == b"trang 2"


def test_a_reader_who_has_seen_a_later_state_is_not_led_back(page, monkeypatch):
    near_a_process(monkeypatch)
    page.ask()
    page.ask()  # this process keeps it near now
    epochs.bump()
    later = caching.page_etag(request_for())
    assert page.ask(**{"If-None-Match": later}).status_code == 304
    assert page.ask().content == b"trang 1"


@pytest.mark.parametrize("etag", ['W/"a-²-b"', 'W/"x"', '"-"', f'W/"a-{"9" * 40}-b"', "*"])
def test_an_etag_that_tells_no_counter_is_none_later(etag):
    assert not Kept('W/"a-5-b"', b"").is_older_than([etag])


def request_for(**headers):
    request = RequestFactory().get("/trang-thu/", headers=headers)
    request.user = AnonymousUser()
    return request


def place() -> str:
    """The key of the address."""
    return caching._place(RequestFactory().get("/trang-thu/"))

"""Public pages are kept under the data counter, and not sent again to a reader who holds them.

Only for requests without a session: whoever is signed in sees more, and messages are theirs alone. When the data change
under a crowd, one request draws the page anew; the others are given the state before until it is there. Between two
looks at the counter a process gives what it has just given: a crowd costs neither the database nor Redis a journey.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache as store
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from communes import epochs
from communes.etags import PRIVATE, PUBLIC, state_of

_KEPT_FOR = 600  # seconds; a new counter makes a new key at once, this only bounds the memory
_DRAWN_WITHIN = 10  # seconds; a request that was killed while it drew holds the others up no longer
_LOOKS_EVERY = 0.25  # seconds; only where a process keeps pages near
_WAIT, _STEP = 3.0, 0.05  # seconds for a first drawing by somebody else, before drawing it oneself
_PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")

View = Callable[..., HttpResponse]
near = caches["near"]


class Kept(NamedTuple):
    """A page as it was drawn, compressed once for everybody."""

    etag: str
    body: bytes

    def is_older_than(self, held: list[str]) -> bool:
        """Whether a reader who holds `held` has seen a later state: nobody is led back."""
        return any(_epoch(etag) > _epoch(self.etag) for etag in held)


def kept_for_visitors(view: View) -> View:
    """Answer a visitor with 304, with the kept page, or by the view; a 200 is kept under its ETag."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if any(name in request.COOKIES for name in _PERSONAL_COOKIES):
            return _headed(view(request, *args, **kwargs), PRIVATE)
        place = _place(request)
        just_given = near.get(place)
        if just_given and not just_given.is_older_than(_held(request)):
            return _given(request, just_given)
        etag = page_etag(request)
        if etag in _held(request):
            return _headed(HttpResponseNotModified(), PUBLIC, etag)
        if kept := _page(etag, place):
            near.set(place, kept, _LOOKS_EVERY)
            return _given(request, kept)
        held = 0
        try:
            response = _drawn(request, view(request, *args, **kwargs), etag, place)
            held = settings.PAGES_HELD_SECONDS
        finally:
            _release(place, held)
        return response

    return answer


def _held(request: HttpRequest) -> list[str]:
    return parse_etags(request.headers.get("If-None-Match", ""))


def _place(request: HttpRequest) -> str:
    """The key of an address, whatever its state."""
    return f"page.{hashlib.sha256(request.build_absolute_uri().encode()).hexdigest()[:32]}"


def _page(etag: str, place: str) -> Kept | None:
    """The page of this state; while somebody else draws it, that of the state before. None: draw it."""
    if body := _body(etag):
        return Kept(etag, body)
    if store.add(f"{place}.drawing", True, _DRAWN_WITHIN):
        return None
    if before := store.get(place):
        return Kept(*before)
    return _awaited(etag)


def _body(etag: str) -> bytes | None:
    """The page of a state, from this process where it has given it before: a state's page never changes."""
    if body := near.get(etag):
        return body
    if body := store.get(etag):
        near.set(etag, body)
    return body


def _awaited(etag: str) -> Kept | None:
    """The very first drawing, which somebody else has begun."""
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        time.sleep(_STEP)
        if body := _body(etag):
            return Kept(etag, body)
    return None


def _release(place: str, seconds: int) -> None:
    """Let the next state be drawn: at once, or after a while in which everybody is given the state just drawn."""
    if seconds:
        store.set(f"{place}.drawing", True, seconds)
    else:
        store.delete(f"{place}.drawing")


def _drawn(request: HttpRequest, response: HttpResponse, etag: str, place: str) -> HttpResponse:
    if response.status_code != 200:
        return _headed(response, PUBLIC)
    kept = Kept(etag, gzip.compress(response.content, mtime=0))
    store.set(etag, kept.body, _KEPT_FOR)
    store.set(place, tuple(kept), _KEPT_FOR)
    return _given(request, kept)


def _given(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept page as this reader takes it. Nothing secret stands on it: compressing gives nothing away."""
    if kept.etag in _held(request):
        return _headed(HttpResponseNotModified(), PUBLIC, kept.etag)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.body)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(kept.body))
    return _headed(response, PUBLIC, kept.etag)


def page_etag(request: HttpRequest) -> str:
    """The ETag of the data, and of the pages' own code: a new release makes every page new. It tells its counter."""
    epoch = epochs.current()
    return f'W/"{pages_version()}-{epoch}-{state_of(request, epoch)}"'


def _epoch(etag: str) -> int:
    """The counter that an ETag of a page tells; 0 for what is none."""
    told = etag.split("-")[1:2]
    return int(told[0]) if told and told[0].isascii() and told[0].isdigit() and len(told[0]) < 19 else 0


@cache
def pages_version() -> str:
    """A digest of templates, stylesheets and this app: what a page's body depends on beside the data."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for folder in (
        "templates",
        "static/css",
        "static/js",
        "static/build",
        "reports",
        "communes",
        "exchange",
        "docs/api",
    ):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in (".html", ".css", ".js", ".py", ".yaml", ".json"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _headed(response: HttpResponse, control: str, etag: str = "") -> HttpResponse:
    if etag and response.status_code in (200, 304):
        response["ETag"] = etag
    response["Cache-Control"] = control
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response

"""Public pages are kept under the data counter, and not sent again to a reader who holds them.

Only for requests without a session: whoever is signed in sees more, and messages are theirs alone.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from communes.etags import PRIVATE, PUBLIC, etag_for

_KEPT_FOR = 600  # seconds; a new counter makes a new key at once, this only bounds the memory
_PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")

View = Callable[..., HttpResponse]


def kept_for_visitors(view: View) -> View:
    """Answer a visitor with 304, with the kept body, or by the view; a 200 is kept under its ETag."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if any(name in request.COOKIES for name in _PERSONAL_COOKIES):
            return _headed(view(request, *args, **kwargs), PRIVATE)
        etag = page_etag(request)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return _headed(HttpResponseNotModified(), PUBLIC, etag)
        body = store.get(etag)
        response = HttpResponse(body) if body is not None else view(request, *args, **kwargs)
        if response.status_code == 200 and body is None:
            store.set(etag, response.content, _KEPT_FOR)
        return _headed(response, PUBLIC, etag)

    return answer


def page_etag(request: HttpRequest) -> str:
    """The ETag of the data, and of the pages' own code: a new release makes every page new."""
    return f'W/"{pages_version()}-{etag_for(request)[3:-1]}"'


@cache
def pages_version() -> str:
    """A digest of templates, stylesheets and this app: what a page's body depends on beside the data."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for folder in ("templates", "static/css", "static/js", "static/build", "reports", "communes"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in (".html", ".css", ".js", ".py", ".yaml", ".json"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _headed(response: HttpResponse, control: str, etag: str = "") -> HttpResponse:
    if etag and response.status_code in (200, 304):
        response["ETag"] = etag
    response["Cache-Control"] = control
    patch_vary_headers(response, ["Cookie"])
    return response

"""Conditional reads: a strong ETag from address, data counter and what the reader may see; bodies kept under it."""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.scope import Actor, appointments_of, narrowing_of
from communes import epochs

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, max-age=0, must-revalidate"
GZIP = "gz"
_WORTH_IT = 1000  # bytes; a smaller body does not gain by being compressed
_LEVEL = 4
_KEPT_FOR = 600  # seconds; a new counter makes a new key at once, this only bounds the memory


class AlreadyKnown(APIException):
    """The reader holds what the portal would answer (304), or the portal holds it ready (200)."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def state_of(request: Request | HttpRequest, epoch: int, media_type: str = "") -> str:
    """What an answer to `request` depends on, as a digest.

    Today's date belongs to it, because lists without a date mean today; the keyed hash keeps anybody
    from making one up for an object that they may not see.
    """
    parts = (
        _code(),
        media_type,
        request.build_absolute_uri(),
        str(epoch),
        timezone.localdate().isoformat(),
        _scope_of(request.user),
    )
    return salted_hmac("ntm.etag", "|".join(parts), algorithm="sha256").hexdigest()[:32]


@cache
def _code() -> str:
    """A digest of the portal's own code: a new release makes every answer new."""
    digest, home = hashlib.sha256(), Path(settings.BASE_DIR)
    for app in sorted(Path(config.path) for config in apps.get_app_configs()):
        for file in sorted(app.rglob("*.py")) if app.parent == home else ():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _scope_of(user: Actor) -> str:
    if not user.is_authenticated:
        return "anonymous"
    held = sorted((a.pk, a.role, a.area_id or 0, a.department_id or 0) for a in appointments_of(user))
    # A token leaves less than its owner may see: what is answered to one is not answered to the other.
    return f"{user.pk}:{held}:{narrowing_of(user)}"


class ConditionalReads(APIView):
    """Mixed into every view that answers GET or HEAD.

    304 before any query but the counter's; a body that was drawn for a visitor is given again as long as the counter
    stands; else the view draws it. An ETag is strong: the coding of the body is part of it, and an answer during whose
    drawing the counter moved gets none.
    """

    state: str | None = None
    epoch = 0

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD"):
            return
        self.epoch = epochs.current()
        self.state = state_of(request, self.epoch, getattr(request, "accepted_media_type", None) or "")
        held = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
        tags = _tags(request, self.state)
        for tag in tags:
            if tag in held:
                raise AlreadyKnown(HttpResponse(status=304, headers={"ETag": tag}))
        for tag in () if request.user.is_authenticated else tags:
            body, headers = caches["answers"].get(tag) or (b"", {})
            if body and (tag == tags[0] or len(body) < _WORTH_IT):
                raise AlreadyKnown(HttpResponse(body, headers=headers))
        if whole := getattr(request.accepted_renderer, "whole_list", None):
            for method in ("get", "head"):
                setattr(self, method, partial(whole, self))  # in place of a page: exchange.formats

    def handle_exception(self, exc):
        return exc.response if isinstance(exc, AlreadyKnown) else super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.state and response.status_code in (200, 304):
            response.headers.setdefault("Cache-Control", PRIVATE if request.user.is_authenticated else PUBLIC)
            if isinstance(response, Response):
                response.add_post_render_callback(self._drawn(request, self.state))
            else:  # a list that is sent as it is read: nobody knows all of it beforehand
                response.headers.setdefault("ETag", f'W/"{self.state}"')
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept", "Accept-Encoding", "Authorization", "Cookie"])
        return response

    def _drawn(self, request: Request, state: str) -> Callable[[HttpResponse], None]:
        """What is done with the answer once it is drawn: compressed, given its ETag, kept for the next visitor."""

        def finish(response: HttpResponse) -> None:
            tags, body = _tags(request, state), response.content
            tag = tags[0] if len(body) >= _WORTH_IT else tags[-1]
            if tag != tags[-1]:
                response.content = gzip.compress(body, _LEVEL, mtime=0)
                response["Content-Encoding"] = "gzip"
            if epochs.current() != self.epoch:
                response["Cache-Control"] = "no-store"
                return
            response.headers.setdefault("ETag", tag)
            if not request.user.is_authenticated:
                kept = {name: response[name] for name in _KEPT_HEADERS if name in response}
                caches["answers"].set(tag, (response.content, kept), _KEPT_FOR)

        return finish


_KEPT_HEADERS = ("Content-Type", "Content-Encoding", "Content-Disposition", "ETag", "Link")


def _tags(request: Request, state: str) -> list[str]:
    """The ETags that the answer may have for this reader: compressed where they take that, and as it is.

    Compressing what a session's cookie opens could give parts of it away; whoever sends a token or nothing has none.
    """
    by_cookie = request.user.is_authenticated and request.auth is None
    packed = [] if by_cookie or not _takes_gzip(request) else [f'"{state}-{GZIP}"']
    return [*packed, f'"{state}"']


def _takes_gzip(request: Request) -> bool:
    for coding in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.rstrip("0.") != "" or weight == ""
    return False

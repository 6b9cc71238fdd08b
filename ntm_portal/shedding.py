"""Under more readers than the machine can answer, a few wait and the others are told at once to come back.

Whoever is signed in, or sends something, is never turned away: a crowd of readers must not hold up data entry.
"""

import random
import socket
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from ntm_portal.problems import MEDIA_TYPE, document

GetResponse = Callable[[HttpRequest], HttpResponse]

# Of Linux's struct tcp_info: its length up to the field, and where the field stands that tells how many milliseconds
# ago the last bytes came in. The kernel's own clock: it ran while the request waited for a thread, or to be accepted.
_TCP_INFO_BYTES, _LAST_DATA_RECEIVED = 56, 52
# Seconds after which to come back; spread, so that those turned away do not come back as one.
_COME_BACK = (5, 20)
_ALWAYS_ANSWERED = ("/healthz", "/readyz", "/static/")
TOO_MANY = "Quá nhiều người đang xem cùng lúc. Hãy thử lại sau số giây ghi ở Retry-After."


class SheddingMiddleware:
    """Answers 503 with Retry-After to a visitor's reading that has waited too long to be begun."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.SHED_AFTER_MILLISECONDS
        if limit and _may_be_shed(request) and waited(request) > limit:
            return _come_back_later(request)
        return self.get_response(request)


def waited(request: HttpRequest) -> int:
    """Milliseconds since the request's bytes arrived; 0 where the server does not hand over a TCP connection."""
    connection = request.META.get("gunicorn.socket")
    if connection is None or not hasattr(socket, "TCP_INFO"):
        return 0
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        return struct.unpack_from("I", told, _LAST_DATA_RECEIVED)[0]
    except (OSError, struct.error):
        return 0


def _may_be_shed(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "Authorization" not in request.headers
        and not request.path.startswith(_ALWAYS_ANSWERED)
    )


def _come_back_later(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(_problem(), status=503, content_type=MEDIA_TYPE)
    else:
        response = HttpResponse(_page(), status=503)
    response["Retry-After"] = str(random.randint(*_COME_BACK))
    response["Cache-Control"] = "no-store"
    return response


def _problem() -> dict[str, Any]:
    return document(status=503, code="overloaded", detail=TOO_MANY)


@cache
def _page() -> str:
    return render_to_string("errors/overloaded.html")

"""A write that is sent twice happens once: the answer is kept under the key that the client gave the request.

Key, write and answer commit together: a process that dies in between leaves none of them, and nothing is stuck.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.db import connection, transaction
from django.http import HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import KeptAnswer, User
from accounts.rendering import in_json

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT_FOR = dt.timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
# For the contract of every write that takes a key.
PARAMETER = OpenApiParameter(
    HEADER,
    location=OpenApiParameter.HEADER,
    pattern=r"^[\x21-\x7e]{1,200}$",
    description="A name of this write, the client's own. Sent again within 24 hours with the same body it is answered"
    f" as the first time, with `{REPLAYED}: true`, and nothing is written.",
)


class BadKey(APIException):
    """The header is no key."""

    status_code, default_code = 400, "invalid_key"
    default_detail = f"{HEADER} phải có từ 1 đến 200 ký tự ASCII, không có dấu cách."


class KeyReused(APIException):
    """The key already names another request."""

    status_code, default_code = 422, "key_reused"
    default_detail = f"{HEADER} này đã dùng cho một yêu cầu khác trong 24 giờ qua. Hãy đặt khoá mới."


class InProgress(APIException):
    """The same request is being worked on at this moment."""

    status_code, default_code = 409, "in_progress"
    default_detail = f"Yêu cầu mang {HEADER} này đang được xử lý. Đợi rồi gửi lại để nhận trả lời."
    wait = 1


class Repeatable(APIView):
    """Mixed into views that write: any of their unsafe methods may carry a key.

    Refusals are not kept: they wrote nothing. Not for a view whose answer holds a secret that is shown once.
    """

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        name = (request.method or "").lower()
        given, handler = request.headers.get(HEADER), getattr(self, name, None)
        if given is None or request.method in SAFE_METHODS or handler is None or not request.user.is_authenticated:
            return
        if not _KEY.fullmatch(given):
            raise BadKey
        setattr(self, name, partial(_once, handler, given))


def _once(
    handler: Callable[..., HttpResponse], key: str, request: Request, *args: object, **kwargs: object
) -> HttpResponse:
    """The kept answer, or what `handler` answers now."""
    fingerprint, by = _fingerprint(request), cast(User, request.user)
    with transaction.atomic():
        _claim(by, key)
        kept = KeptAnswer.objects.filter(user=by, key=key).first()
        if kept and kept.at > timezone.now() - KEPT_FOR:
            if kept.fingerprint != fingerprint:
                raise KeyReused
            return _answer(kept, replayed=True)
        response = handler(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        if kept:
            kept.delete()
        content = response.content if not isinstance(response, Response) else _rendered(response)
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        asked = {"user": by, "key": key, "fingerprint": fingerprint, "at": timezone.now()}
        return _answer(_keep(**asked, status=response.status_code, headers=headers, body=content.decode()))


def _fingerprint(request: Request) -> str:
    """What makes two requests the same one."""
    try:
        body = request._request.body
    except RawPostDataException:  # a form: its CSRF token was looked for in the body
        raise UnsupportedMediaType(request.content_type or "") from None
    parts = (request.method or "", request.get_full_path(), request.headers.get("If-Match", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + body).hexdigest()


def _claim(user: User, key: str) -> None:
    """Hold the key until this transaction ends; InProgress where another one holds it.

    SQLite has one writer at a time: there the second waits for the first, and finds its answer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [key, user.pk])
            if not cursor.fetchone()[0]:
                raise InProgress


def _keep(**answer: Any) -> KeptAnswer:
    return KeptAnswer.objects.create(**answer)


def _rendered(response: Response) -> bytes:
    """The body as the view would send it; its type goes into the headers."""
    if response.data is None:
        return b""
    response["Content-Type"] = response.content_type or "application/json"
    return in_json(response.data)


def _answer(kept: KeptAnswer, *, replayed: bool = False) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status)
    if "Content-Type" not in kept.headers:
        del response["Content-Type"]
    for name, value in kept.headers.items():
        response[name] = value
    if replayed:
        response[REPLAYED] = "true"
    return response


def forget_old() -> int:
    """Take away answers that were kept long enough; how many."""
    return KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]

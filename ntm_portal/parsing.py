"""Bodies of API requests: how large they may be, and JSON read so that nothing in it has two meanings."""

import codecs
import json
import math
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from ntm_portal.problems import MEDIA_TYPE, document

# Nothing that the API asks for is deeper than a member of a row of a list.
DEEPEST = 20
TOO_DEEP = f"Thân của yêu cầu lồng quá {DEEPEST} tầng."
NO_JSON = "Thân của yêu cầu không phải là JSON đọc được."
TOO_LARGE = "Thân của yêu cầu lớn hơn {} byte, mức mà địa chỉ này nhận. Hãy chia nhỏ rồi gửi lại."
# The database keeps no NUL and no half of a surrogate pair; in JSON both can only be written as escapes.
_UNKEPT_ESCAPE = re.compile(r"\\u(0000|d[89a-f])", re.IGNORECASE)
_UNKEPT = re.compile("[\0\ud800-\udfff]")
_BODY_SENT = ("POST", "PUT", "PATCH", "DELETE")


class Malformed(ParseError):
    """A body that is no JSON, or JSON that could be understood in two ways."""

    default_code = "parse_error"
    default_detail = NO_JSON


class BodyLimitMiddleware:
    """Refuses a large body by its stated length, before anything reads it.

    A view says what it takes with `body_limit`; any other takes API_BODY_BYTES. Of a body without a stated
    length nothing is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not hasattr(view, "cls") or request.method not in _BODY_SENT:
            return None
        limit = view.initkwargs.get("body_limit") or getattr(view.cls, "body_limit", None) or settings.API_BODY_BYTES
        return _too_large(limit) if _stated_length(request) > limit else None


def _stated_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # as Django reads it


def _too_large(limit: int) -> HttpResponse:
    body = document(status=413, code="too_large", detail=TOO_LARGE.format(limit), limit=limit)
    response = JsonResponse(body, status=413, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


class StrictJSONParser(JSONParser):
    """JSON without NaN, numbers beyond what can be kept, members named twice, or endless nesting."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = codecs.decode(stream.read(), "utf-8-sig")
            body = json.loads(text, object_pairs_hook=_once_each, parse_float=_finite, parse_constant=_no_constant)
        except (ValueError, RecursionError) as fault:
            raise fault if isinstance(fault, Malformed) else Malformed from fault
        _refuse_deep(body)
        if _UNKEPT_ESCAPE.search(text):
            _refuse_unkept(body)
        return body


def _once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"Thành phần “{twice[:100]}” được gửi hai lần.")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Malformed(f"Số {text[:40]} quá lớn.")
    return number


def _no_constant(name: str) -> Any:
    raise Malformed(f"{name} không phải là giá trị JSON.")


def _refuse_deep(body: Any) -> None:
    level = [body]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _members(each) if isinstance(inner, dict | list)]
        if not level:
            return
    raise Malformed(TOO_DEEP)


def _refuse_unkept(body: Any) -> None:
    """Characters that no database row can hold, in any text or name."""
    level = [body]
    while level:
        for each in level:
            names = each if isinstance(each, dict) else ()
            texts = [text for text in (*names, *_members(each), each) if isinstance(text, str)]
            if any(_UNKEPT.search(text) for text in texts):
                raise Malformed("Có ký tự không ghi được (NUL, hoặc nửa cặp ký tự thay thế).")
        level = [inner for each in level for inner in _members(each) if isinstance(inner, dict | list)]


def _members(each: Any) -> Any:
    if isinstance(each, dict):
        return each.values()
    return each if isinstance(each, list) else ()

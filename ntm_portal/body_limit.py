"""How large the body of an API request may be."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from ntm_portal.problems import MEDIA_TYPE, document

TOO_LARGE = "Thân của yêu cầu lớn hơn {} byte, mức mà địa chỉ này nhận. Hãy chia nhỏ rồi gửi lại."
_BODY_SENT = ("POST", "PUT", "PATCH", "DELETE")


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

"""API errors as problem documents (RFC 9457): what is wrong, in Vietnamese and English, and at which place."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.english import meaning
from accounts.errors import Refused
from ntm_portal import slow_statements

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# `type` of a problem: this prefix and a code that never changes its meaning. Listed in docs/api/README.md.
TYPE = "urn:ntm-portal:problem:"

TITLES = {
    400: "Yêu cầu không hợp lệ",
    401: "Chưa xác thực",
    403: "Không được phép",
    404: "Không tìm thấy",
    405: "Phương thức không được hỗ trợ",
    406: "Không có định dạng được yêu cầu",
    409: "Không khớp với dữ liệu hiện tại",
    410: "Không còn ở đây",
    412: "Không khớp với bản hiện tại",
    413: "Thân của yêu cầu quá lớn",
    415: "Kiểu nội dung không được hỗ trợ",
    422: "Không ghi được",
    428: "Thiếu bản đã đọc",
    429: "Quá nhiều lần thử",
    500: "Lỗi của hệ thống",
    503: "Tạm thời không trả lời được",
}

# DRF and its add-ons speak English here and there; these are the sentences that a client reads instead.
DETAILS: dict[type[Exception], tuple[str, str]] = {
    exceptions.ParseError: ("parse_error", "Thân của yêu cầu không phải là JSON đọc được."),
    exceptions.AuthenticationFailed: (
        "authentication_failed",
        "Mã truy cập không đúng, đã hết hạn hoặc không được dùng từ đây, hoặc tài khoản đã ngừng hoạt động.",
    ),
    exceptions.NotAuthenticated: (
        "not_authenticated",
        "Hãy đăng nhập hoặc gửi mã truy cập trong tiêu đề Authorization: Token ….",
    ),
    exceptions.PermissionDenied: (
        "permission_denied",
        "Bạn không được làm việc này, hoặc thiếu mã chống giả mạo (CSRF).",
    ),
    exceptions.NotFound: ("not_found", "Không tìm thấy, hoặc bạn không có quyền xem."),
    exceptions.MethodNotAllowed: ("method_not_allowed", "Địa chỉ này không nhận phương thức đã gửi."),
    exceptions.NotAcceptable: (
        "not_acceptable",
        "Địa chỉ này không có định dạng mà tiêu đề Accept đòi; application/json thì luôn có.",
    ),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "Hãy gửi nội dung kiểu application/json."),
    exceptions.Throttled: ("throttled", "Bạn thử quá nhiều lần. Hãy đợi rồi thử lại."),
}
# A member that cannot be taken as it was sent, whatever is stored: a bad request. On a page it stays a form to mend.
BAD_VALUES = {"unreadable", "out_of_range", "must_apply", "required"}
INVALID = "Có giá trị không hợp lệ; xem mục errors."
CRASHED = "Hệ thống gặp lỗi khi xử lý yêu cầu. Không có gì bị thay đổi dở dang; hãy thử lại sau."


def problem_response(exc: Exception, context: dict) -> Response:
    """The answer to any exception that an API view lets through; unexpected ones are logged and answer 500."""
    set_rollback()
    if isinstance(exc, Refused):
        return _refused(exc, context["request"])
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        return problem(status=400, code="invalid", detail=INVALID, errors=_faults(exc, context["request"]))
    if isinstance(exc, exceptions.APIException):
        return _known(exc)
    if found := slow_statements.reason(exc):
        code, detail = found
        headers = {"Retry-After": slow_statements.RETRY_AFTER}
        return problem(status=503, code=code, detail=detail, headers=headers)
    return _crashed(exc, context)


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
    **members: Any,
) -> Response:
    """A problem document as the answer; `members` are added beside the standard ones."""
    body = document(status=status, code=code, detail=detail, errors=errors, **members)
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def document(
    *, status: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None, **members: Any
) -> dict[str, Any]:
    """The body of a problem document."""
    body: dict[str, Any] = {"type": TYPE + code, "title": TITLES.get(status, TITLES[400]), "status": status}
    meant = meaning("invalid_request" if errors and code == "invalid" else code)
    body |= {"detail": detail, "detail_en": meant}
    body |= {name: value for name, value in members.items() if name not in body}
    return body | ({"errors": errors} if errors else {})


def fault(*, field: str, code: str, message: str, in_query: bool, allowed: Any = ()) -> dict[str, Any]:
    """One entry of `errors`: `parameter` names a query parameter, `pointer` (RFC 6901) a place in the body."""
    place = {"parameter": field} if in_query else {"pointer": f"#/{field}" if field else "#"}
    said = {"field": field, "code": code, "message": message, "message_en": meaning(code)}
    return place | said | ({"allowed": list(allowed)} if allowed else {})


def _refused(exc: Refused, request) -> Response:
    errors = [fault(field=exc.field, code=exc.code, message=exc.message, in_query=_reads(request))]
    found = errors if exc.field else None
    status = 400 if exc.code in BAD_VALUES else exc.status
    return problem(status=status, code=exc.code, detail=exc.message, errors=found, **exc.details)


def _known(exc: exceptions.APIException) -> Response:
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = f"{int(wait)}"
    code, detail = DETAILS.get(type(exc), (exc.default_code, str(exc.detail)))
    return problem(status=exc.status_code, code=code, detail=detail, headers=headers, **getattr(exc, "members", {}))


def _crashed(exc: Exception, context: dict) -> Response:
    request = context["request"]
    log.error("API request failed: %s %s", request.method, request.path, exc_info=exc)
    got_request_exception.send(sender=type(context["view"]), request=request._request)
    return problem(status=500, code="internal", detail=CRASHED)


def _faults(exc: exceptions.ValidationError, request) -> list[dict[str, Any]]:
    return [
        fault(
            field=field,
            code=detail.code or "invalid",
            message=str(detail),
            in_query=_reads(request),
            allowed=getattr(detail, "allowed", ()),
        )
        for field, detail in _flat(exc.detail)
    ]


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    """Every message of DRF's nested details with the place that it belongs to (a/0/b)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name in ("non_field_errors", "__all__") else str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, "/".join(filter(None, (path, own))))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _flat(inner, path if isinstance(inner, str) else f"{path}/{number}".lstrip("/"))
    else:
        yield path, detail


def _reads(request) -> bool:
    return request.method in ("GET", "HEAD")

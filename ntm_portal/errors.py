"""Error pages: what happened, then what to do. They tell nothing of the code and never a trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from ntm_portal import slow_statements
from ntm_portal.context import menu_for


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and out of scope answer alike, to the byte: nobody learns which it was, nor where it would stand."""
    menu = menu_for(getattr(request, "user", None), path="")
    return render(request, "errors/404.html", {"nav": menu}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may see the page but not do this."""
    return render(request, "errors/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the session."""
    return render(request, "errors/csrf.html", status=403)


def too_many_attempts(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many wrong passwords, or too many requests."""
    return render(request, "errors/429.html", status=429)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The portal is starting or being maintained."""
    return HttpResponse(render_to_string("errors/503.html"), status=503)


class SlowStatementMiddleware:
    """A page whose statement the database gave up is 503 with what to do, not a fault of the portal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not slow_statements.reason(exception):
            return None
        response = HttpResponse(render_to_string("errors/too_slow.html"), status=503)
        response["Retry-After"] = slow_statements.RETRY_AFTER
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: the database may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)

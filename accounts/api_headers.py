"""What answers of the API carry beside their bodies: who may read them from another site, and how much is left.

Any page of any site may read what any visitor may; nothing that a cookie or a token opens (docs/adr/0023).
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.middleware import GetResponse

READING = "GET, HEAD, OPTIONS"
# A browser asks before it sends these. Authorization is none of them: a token has no business on another site's page.
ASKED_HEADERS = "Accept, Accept-Language, If-None-Match, If-Modified-Since"
SHOWN_HEADERS = (
    "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Total-Count, Content-Disposition, Deprecation, Sunset"
)


class ApiHeadersMiddleware:
    """CORS for public reads, and the RateLimit headers of what accounts.throttling counted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.OPEN_PATHS):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return _preflight()
        response = self.get_response(request)
        if counted := getattr(request, "rate_count", None):
            for name, value in counted.headers().items():
                response[name] = value
        if request.method in ("GET", "HEAD") and _is_a_visitor(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = SHOWN_HEADERS
        return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = READING
    response["Access-Control-Allow-Headers"] = ASKED_HEADERS
    response["Access-Control-Max-Age"] = "86400"
    return response


def _is_a_visitor(request: HttpRequest) -> bool:
    return "Authorization" not in request.headers and settings.SESSION_COOKIE_NAME not in request.COOKIES

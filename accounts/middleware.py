"""What stands between a signed-in person and a page: the age of the session, and a password still to be changed."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.english import meaning

SIGNED_IN_AT, SEEN_AT, EXPIRED = "signed_in_at", "seen_at", "session_expired"
# Being seen is written down at most this often, so that reading pages does not write.
SEEN_STEP_SECONDS = 60
ALWAYS_OPEN = ("/static/", "/healthz", "/readyz")
# Of the shape of every problem of the API (RFC 9457).
PASSWORD_CHANGE_PROBLEM = {
    "type": "urn:ntm-portal:problem:password_change_required",
    "title": "Không được phép",
    "status": 403,
    "detail": "Hãy đăng nhập trên trang và đổi mật khẩu dùng một lần trước.",
}

GetResponse = Callable[[HttpRequest], HttpResponse]


def stamp_session(*, request: HttpRequest, **kwargs: object) -> None:
    """Note when the session began (receiver of `user_logged_in`)."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


class SessionLimitMiddleware:
    """Ends a session SESSION_IDLE_SECONDS after the last request and SESSION_COOKIE_AGE after the sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at_the_clock(request)
        return self.get_response(request)

    def _look_at_the_clock(self, request: HttpRequest) -> None:
        now, session = int(time.time()), request.session
        idle = now - session.get(SEEN_AT, 0)
        if idle > settings.SESSION_IDLE_SECONDS or now - session.get(SIGNED_IN_AT, 0) > settings.SESSION_COOKIE_AGE:
            logout(request)
            request.session[EXPIRED] = True
        elif idle >= SEEN_STEP_SECONDS:
            session[SEEN_AT] = now


class PasswordChangeMiddleware:
    """A person whose password was set by somebody else changes it before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return self.get_response(request)
        page = reverse("accounts:password")
        if request.path in (page, reverse("accounts:sign-out")) or request.path.startswith(ALWAYS_OPEN):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            told = PASSWORD_CHANGE_PROBLEM | {"detail_en": meaning("password_change_required")}
            return JsonResponse(told, status=403, content_type="application/problem+json")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(page)
        return HttpResponseRedirect(page)

"""Checking who signs in: the one way for pages and the API alike."""

import datetime as dt

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.passwords import normalised

WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."


class SignedInRequest(HttpRequest):
    """A request that was found to be somebody's."""

    user: User


def check(request: HttpRequest, *, username: str, password: str) -> User | None:
    """The person, or None: unknown, wrong, suspended and locked out are not told apart here.

    A lock-out marks the request, and the answer is then that of `accounts.views.locked_out`.
    """
    return authenticate(request, username=username.strip().lower(), password=normalised(password))


def client_address(request: HttpRequest) -> str:
    """The address of the person's machine: what the last of our own PROXY_COUNT proxies saw.

    Anything further left in X-Forwarded-For was written by the client and is not believed.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    count = settings.PROXY_COUNT
    return hops[-count] if 0 < count <= len(hops) else str(request.META.get("REMOTE_ADDR", ""))


def locked_until(request: HttpRequest, *, username: str) -> dt.datetime:
    """When this account may be tried again from this address."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=client_address(request))
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return (last or timezone.now()) + settings.AXES_COOLOFF_TIME

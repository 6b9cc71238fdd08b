"""Sign-in, sign-out, the lock-out and one's own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions, signin
from accounts.errors import Refused
from accounts.forms import PasswordForm, SignInForm
from accounts.middleware import EXPIRED
from accounts.seal import seals

# The figures beside the form come from an app above this one, where it provides them.
PANELS = ["reports/_signin_panel.html", "accounts/_signin_panel.html"]

# The work that a browser may hold back belongs to an app above too.
UNSENT = ["criteria/_unsent.html", "accounts/_nothing_unsent.html"]


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A lock-out is answered by `locked_out` instead."""
    if request.user.is_authenticated:
        return redirect(_way_on(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = signin.check(request, **form.cleaned_data)
        if person is not None:
            login(request, person)
            return redirect(_way_on(request))
        form.add_error("password", signin.WRONG)
    expired = request.session.pop(EXPIRED, False) if EXPIRED in request.session else False
    context = {"form": form, "next": _asked_way(request), "has_expired": expired, "panels": PANELS}
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go home. GET asks first, and lists what this browser has not sent yet."""
    if request.method == "GET" and request.user.is_authenticated:
        return render(request, "accounts/sign_out.html", {"unsent": UNSENT, "seals": seals(request.user)})
    if request.method == "GET":
        return redirect(settings.LOGOUT_REDIRECT_URL)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: signin.SignedInRequest) -> HttpResponse:
    """The person's own password; this session goes on, every other one ends."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_password(user=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except Refused as fault:
            form.refuse(fault)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.")
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None) -> HttpResponse:
    """Too many wrong passwords for this account from this address: says when to try again."""
    until = signin.locked_until(request, username=(credentials or {}).get("username", ""))
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    minutes = -(-seconds // 60)
    context = {"until": until, "minutes": minutes}
    answer = render(request, "accounts/locked_out.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _asked_way(request: HttpRequest) -> str:
    """`next`, when it stays on this host; empty otherwise."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if own and asked.split("?")[0] != reverse("accounts:sign-in") else ""


def _way_on(request: HttpRequest) -> str:
    return _asked_way(request) or settings.LOGIN_REDIRECT_URL

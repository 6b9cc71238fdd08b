"""Tokens of the API: the person's own page, and their end by an administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import signin, tokens
from accounts.errors import Refused
from accounts.forms import TokenForm
from accounts.models import ApiToken, User
from accounts.signin import SignedInRequest
from accounts.views.people import administrators_only


@never_cache
@login_required
@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    """The person's tokens: what each may do, until when, and when it was last used."""
    return render(
        request, "accounts/tokens.html", {"tokens": tokens.tokens_of(request.user), "most": tokens.MOST_TOKENS}
    )


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A new token, for the person's password; its secret is in the answer and nowhere else."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data.pop("password")
        if signin.check(request, username=request.user.username, password=password) is None:
            form.add_error("password", "Mật khẩu chưa đúng.")
        else:
            try:
                secret, token = tokens.issue(by=request.user, **form.terms)
            except Refused as fault:
                form.refuse(fault)
            else:
                return _shown_once(request, secret, token)
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def rotate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new secret for one token; the former one holds for a day, or ends at once."""
    token = _own(request, pk)
    at_once = "at_once" in request.POST
    try:
        secret = tokens.rotate(token=token, by=request.user, at_once=at_once)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("accounts:tokens")
    token.refresh_from_db()
    return _shown_once(request, secret, token)


@never_cache
@login_required
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one token now."""
    tokens.end(token=_own(request, pk), by=request.user)
    messages.success(request, "Mã đã kết thúc. Chương trình đang dùng mã này không đọc được nữa.")
    return redirect("accounts:tokens")


@never_cache
@login_required
@require_POST
def end_every(request: SignedInRequest) -> HttpResponse:
    """End all of the person's tokens now."""
    ended = tokens.end_all(of=request.user, by=request.user)
    messages.success(request, f"Đã kết thúc {ended} mã.")
    return redirect("accounts:tokens")


@administrators_only
@require_POST
def end_of_person(request: SignedInRequest, pk: int, token_pk: int) -> HttpResponse:
    """End one token of somebody."""
    tokens.end(token=get_object_or_404(ApiToken, pk=token_pk, user=pk), by=request.user)
    messages.success(request, "Mã đã kết thúc.")
    return redirect("accounts:person", pk=pk)


@administrators_only
@require_POST
def end_every_of_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """End all tokens of somebody."""
    ended = tokens.end_all(of=get_object_or_404(User, pk=pk), by=request.user)
    messages.success(request, f"Đã kết thúc {ended} mã.")
    return redirect("accounts:person", pk=pk)


def _own(request: SignedInRequest, pk: int) -> ApiToken:
    token = ApiToken.objects.filter(pk=pk, user=request.user).select_related("user", "area").first()
    if token is None:
        raise Http404
    return token


def _shown_once(request: SignedInRequest, secret: str, token: ApiToken) -> HttpResponse:
    return render(request, "accounts/token_shown.html", {"secret": secret, "token": token})

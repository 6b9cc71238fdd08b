"""Sponsors: the list, one with what its money closed, recording, assignments."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.desk import DeskRequest, desk_page, see_other
from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.paging import DayPlace, row_id
from sponsorship.actions import sponsors as actions
from sponsorship.forms import AssignmentForm, SponsorForm
from sponsorship.models import Sponsor
from sponsorship.queries import sponsors as queries
from sponsorship.views.pages import accepted, may, public_page


@public_page
def sponsors(request: HttpRequest) -> HttpResponse:
    """The list by name."""
    kind = request.GET.get("loai", "")
    chosen = {"text": request.GET.get("tim", "")[:120], "kind": kind if kind in Sponsor.Kind.values else ""}
    context = {
        "page": queries.listed(request.user, **chosen, after=row_id(request.GET.get("sau", ""))),
        **chosen,
        "kinds": Sponsor.Kind.choices,
        "may_keep": may(request, Permission.KEEP_LEDGER),
    }
    return render(request, "sponsorship/sponsors.html", context)


@public_page
def sponsor(request: HttpRequest, pk: int) -> HttpResponse:
    """One sponsor."""
    return _sponsor(request, pk)


def _sponsor(request: HttpRequest, pk: int, *, status: int = 200, **shown: object) -> HttpResponse:
    page = queries.page(request.user, pk, DayPlace.read(request.GET.get("sau", "")))
    user = request.user if isinstance(request.user, User) else None
    may_assign = may(request, Permission.CLOSE_LEDGER)
    context = {
        "page": page,
        "may_keep": may(request, Permission.KEEP_LEDGER),
        "may_correct": user is not None and actions.may_correct(user, page.sponsor),
        "may_assign": may_assign,
        "assigning": AssignmentForm(user=user) if user and may_assign else None,
    }
    return render(request, "sponsorship/sponsor.html", {**context, **shown}, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def sponsor_new(request: DeskRequest) -> HttpResponseBase:
    """Record who sponsors."""
    if not may(request, Permission.KEEP_LEDGER):
        raise OutOfScope
    if request.method == "GET":
        return _form(request, SponsorForm(initial={"name": request.GET.get("ten", "")[:200]}))
    form = SponsorForm(request.POST)
    made, status = accepted(form, lambda: actions.add(**form.said, by=request.user))
    if made is None:
        return _form(request, form, status=status)
    messages.success(request, f"Đã ghi nhà tài trợ {made.name}.")
    return see_other("sponsorship:sponsor", made.pk)


@desk_page
@require_http_methods(["GET", "POST"])
def sponsor_edit(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Correct a sponsor."""
    stored = queries.find(request.user, pk)
    if not actions.may_correct(request.user, stored):
        raise OutOfScope
    fields = ("name", "kind", "is_anonymous", "version")
    if request.method == "GET":
        return _form(request, SponsorForm(initial={name: getattr(stored, name) for name in fields}), sponsor=stored)
    form = SponsorForm(request.POST)
    said: dict[str, Any] = {"sponsor": stored, "by": request.user}
    made, status = accepted(form, lambda: actions.correct(**said, **form.said, version=form.read_version))
    if made is None:
        return _form(request, form, status=status, sponsor=stored)
    messages.success(request, "Đã sửa nhà tài trợ.")
    return see_other("sponsorship:sponsor", pk)


def _form(
    request: DeskRequest, form: SponsorForm, *, status: int = 200, sponsor: Sponsor | None = None
) -> HttpResponse:
    return render(request, "sponsorship/sponsor_form.html", {"form": form, "sponsor": sponsor}, status=status)


@desk_page
@require_POST
def assign(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The province assigns the sponsor to communes."""
    if not may(request, Permission.CLOSE_LEDGER):
        raise OutOfScope
    stored, form = queries.find(request.user, pk), AssignmentForm(request.POST, user=request.user)
    made, status = accepted(form, lambda: actions.assign(sponsor=stored, **form.cleaned_data, by=request.user))
    if made is None:
        return _sponsor(request, pk, status=status, assigning=form)
    messages.success(request, "Đã ghi phân công đỡ đầu.")
    return see_other("sponsorship:sponsor", pk)

"""Sponsors: the list, one with what its money closed, recording, assignments, pledges."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.paging import DayPlace
from sponsorship.actions import pledges
from sponsorship.actions import sponsors as actions
from sponsorship.forms import AssignmentForm, PledgeForm, ReasonForm, SponsorForm
from sponsorship.models import Pledge, Sponsor
from sponsorship.queries import sponsors as queries
from sponsorship.views.ledger import offered
from sponsorship.views.pages import may, number_asked, public_page, put


@public_page
def sponsors(request: HttpRequest) -> HttpResponse:
    """The list by name."""
    kind = request.GET.get("loai", "")
    chosen = {"text": request.GET.get("tim", "")[:120], "kind": kind if kind in Sponsor.Kind.values else ""}
    context = {
        "page": queries.listed(request.user, **chosen, after=number_asked(request, "sau")),
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
    if not form.is_valid():
        return _form(request, form, status=422)
    said = {name: form.cleaned_data[name] for name in ("name", "kind", "is_anonymous")}
    made, refused = attempt(actions.add, **said, by=request.user)
    if refused:
        put(form, refused)
        return _form(request, form, status=refused.status)
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
    if not form.is_valid():
        return _form(request, form, status=422, sponsor=stored)
    said = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
    _, refused = attempt(actions.correct, sponsor=stored, **said, by=request.user)
    if refused:
        put(form, refused)
        return _form(request, form, status=refused.status, sponsor=stored)
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
    if form.is_valid():
        _, refused = attempt(actions.assign, sponsor=stored, **form.cleaned_data, by=request.user)
        if refused is None:
            messages.success(request, "Đã ghi phân công đỡ đầu.")
            return see_other("sponsorship:sponsor", pk)
        put(form, refused)
    return _sponsor(request, pk, status=422, assigning=form)


@desk_page
@require_http_methods(["GET", "POST"])
def pledge_new(request: DeskRequest) -> HttpResponseBase:
    """Record a promise."""
    if not may(request, Permission.KEEP_LEDGER):
        raise OutOfScope
    if request.method == "GET":
        said = {"sponsor": "nha", "area": "don-vi", "indicator": "chi-tieu"}
        initial = {field: request.GET.get(name, "")[:200] for field, name in said.items()}
        return _pledge(request, PledgeForm(initial=initial, user=request.user))
    form = PledgeForm(request.POST, user=request.user)
    if not form.is_valid():
        return _pledge(request, form, status=422)
    cleaned = {**form.cleaned_data, "indicator": form.cleaned_data["indicator"] or None}
    made, refused = attempt(pledges.pledge, **cleaned, by=request.user)
    if refused:
        put(form, refused)
        return _pledge(request, form, status=refused.status)
    messages.success(request, "Đã ghi cam kết. Cam kết không tính vào tổng huy động.")
    return see_other("sponsorship:sponsor", made.sponsor_id)


def _pledge(request: DeskRequest, form: PledgeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "sponsorship/pledge_new.html", {"form": form, **offered(request)}, status=status)


@desk_page
@require_POST
def pledge_withdraw(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A promise is no more."""
    found = Pledge.objects.filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    _, refused = attempt(pledges.withdraw, pledge=found, reason=reason, by=request.user)
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Đã rút cam kết.")
    return see_other("sponsorship:sponsor", found.sponsor_id)

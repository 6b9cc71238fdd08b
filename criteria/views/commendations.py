"""Commendations of a year: many entered at once, one corrected or removed with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import commendations as actions
from criteria.models import Commendation
from criteria.paper_forms import CommendationForm, CommendationsForm, ReasonForm, YearForm
from criteria.queries import plans
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_office(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.RECORD_DECISIONS):
        raise OutOfScope


@desk_page
@require_GET
def merit_years(request: DeskRequest) -> HttpResponseBase:
    """How many were commended in each year."""
    _require_office(request)
    form = YearForm(request.GET) if "year" in request.GET else YearForm()
    if form.is_bound and form.is_valid():
        return see_other("criteria:commendations", form.cleaned_data["year"])
    context = {"years": plans.merit_years(), "form": form}
    return render(request, "criteria/merit_years.html", context, status=422 if form.is_bound else 200)


@desk_page
@require_http_methods(["GET", "POST"])
def commendations(request: DeskRequest, year: int) -> HttpResponseBase:
    """Those of one year, and a form that takes many names at once."""
    _require_office(request)
    if request.method == "GET":
        return _year(request, year, CommendationsForm())
    form = CommendationsForm(request.POST)
    if not form.is_valid():
        return _year(request, year, form, status=422)
    said = {**form.cleaned_data, "names": form.cleaned_data["names"].splitlines()}
    added, refused = attempt(actions.add_commendations, year=year, by=request.user, **said)
    if refused:
        form.refuse(refused.message, refused.field)
        return _year(request, year, form, status=refused.status, faults=refused.details.get("faults", []))
    messages.success(request, f"Đã ghi {len(added)} khen thưởng của năm {year}.")
    return see_other("criteria:commendations", year)


def _year(
    request: DeskRequest, year: int, form: CommendationsForm, *, status: int = 200, **shown: object
) -> HttpResponse:
    after = request.GET.get("sau", "")
    page = plans.merits(year, int(after) if after.isdecimal() and len(after) < 19 else None)
    context = {"year": year, "page": page, "form": form, **shown}
    return render(request, "criteria/commendations.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def commendation(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One commendation: correct it."""
    _require_office(request)
    stored = get_object_or_404(Commendation, pk=pk)
    if request.method == "GET":
        return _one(request, stored, _filled(stored))
    form = CommendationForm(request.POST)
    if not form.is_valid():
        return _one(request, stored, form, status=422)
    _, refused = attempt(actions.correct_commendation, commendation=stored, by=request.user, **form.cleaned_data)
    if refused:
        form.refuse(refused.message, refused.field)
        now = refused.details.get("version", form.cleaned_data["version"])
        return _one(request, stored, form, status=refused.status, version=now)
    messages.success(request, "Đã sửa khen thưởng.")
    return see_other("criteria:commendations", stored.year)


@desk_page
@require_POST
def commendation_remove(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Take one out, with the reason."""
    _require_office(request)
    stored, form = get_object_or_404(Commendation, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _one(request, stored, _filled(stored), status=422, reason_form=form)
    version = request.POST.get("version", "")
    said = {"version": int(version) if version.isdecimal() and len(version) < 10 else -1, **form.cleaned_data}
    _, refused = attempt(actions.remove_commendation, commendation=stored, by=request.user, **said)
    if refused:
        form.refuse(refused.message, refused.field)
        return _one(request, stored, _filled(stored), status=refused.status, reason_form=form)
    messages.success(request, "Đã xoá khen thưởng; lý do được giữ trong nhật ký.")
    return see_other("criteria:commendations", stored.year)


def _filled(stored: Commendation) -> CommendationForm:
    initial = {name: getattr(stored, name) for name in ("name", "recipient", "at_conference", "source", "version")}
    day = f"{stored.awarded_on:%d/%m/%Y}" if stored.awarded_on else ""
    return CommendationForm(initial={**initial, "awarded_on": day})


def _one(
    request: DeskRequest, stored: Commendation, form: CommendationForm, *, status: int = 200, **shown: object
) -> HttpResponse:
    context = {"row": stored, "form": form, **shown}
    return render(request, "criteria/commendation.html", context, status=status)

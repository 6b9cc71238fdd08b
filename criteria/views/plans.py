"""The plan of a year, and the commendations of a year: kept by the province office."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import commendations as merits
from criteria.actions.rounds import province
from criteria.actions.targets import set_target
from criteria.forms import CommendationForm, RemoveForm, TargetForm
from criteria.queries import plans as queries
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require(request: DeskRequest, permission: Permission) -> None:
    if not has_permission(request.user, permission):
        raise OutOfScope


@desk_page
@require_http_methods(["GET", "POST"])
def plan(request: DeskRequest, year: int | None = None) -> HttpResponse:
    """What a year's plan promises; a form that sets or replaces one measure."""
    _require(request, Permission.SET_TARGETS)
    year = year or timezone.localdate().year
    form = TargetForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        named = form.cleaned_data.pop("named")
        target, refused = attempt(
            set_target, area=province(), year=year, named=named, by=request.user, **form.cleaned_data
        )
        if not refused:
            messages.success(request, f"Đã đặt mục tiêu “{target.name}” năm {year}.")
            return see_other("criteria:plan", year)
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        status = refused.status
    context = {"year": year, "years": queries.years(), "targets": queries.targets(year), "form": form}
    return render(request, "criteria/plan.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def commendations(request: DeskRequest, year: int | None = None) -> HttpResponse:
    """Who was commended in a year; a form for more."""
    _require(request, Permission.RECORD_DECISIONS)
    form = CommendationForm(request.POST or None)
    if not form.is_valid():
        return _commended(request, year, form, 422 if request.method == "POST" else 200)
    names, chosen = form.cleaned_data.pop("names").splitlines(), form.cleaned_data["year"]
    added, refused = attempt(merits.add_commendations, names=names, by=request.user, **form.cleaned_data)
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _commended(request, year, form, refused.status)
    messages.success(request, f"Đã ghi {added} khen thưởng năm {chosen}.")
    return see_other("criteria:commendations-of", chosen)


def _commended(
    request: DeskRequest, year: int | None, form: CommendationForm, status: int, fault: str = "", fault_at: int = 0
) -> HttpResponse:
    counts = queries.commendation_counts()
    year = year or next(iter(counts), timezone.localdate().year)
    after = request.GET.get("sau", "")
    rows, following = queries.commendations(year, int(after) if after.isdecimal() and len(after) < 16 else 0)
    context = {"year": year, "counts": counts, "rows": rows, "after": following, "form": form}
    return render(
        request, "criteria/commendations.html", {**context, "fault": fault, "fault_at": fault_at}, status=status
    )


@desk_page
@require_POST
def commendation_remove(request: DeskRequest, year: int, commendation_id: int) -> HttpResponse:
    """Take out one that was recorded wrongly, with a reason."""
    _require(request, Permission.RECORD_DECISIONS)
    form = RemoveForm(request.POST)
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return _commended(request, year, CommendationForm(), Refused.status, str(fault), commendation_id)
    reason = form.cleaned_data["reason"]
    merits.remove_commendation(commendation_id=commendation_id, reason=reason, by=request.user)
    messages.success(request, "Đã bỏ một khen thưởng; lý do còn trong nhật ký.")
    return see_other("criteria:commendations-of", year)

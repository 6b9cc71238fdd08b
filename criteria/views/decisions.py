"""Decisions of recognition and revocation: listed, read, recorded, compared with the paper by a second officer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import recognition as actions
from criteria.forms import DecisionForm
from criteria.queries import decisions as queries
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_office(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.RECORD_DECISIONS):
        raise OutOfScope


@desk_page
@require_GET
def decisions(request: DeskRequest) -> HttpResponse:
    """All decisions, the latest first."""
    asked, year = request.GET, request.GET.get("nam", "")
    number = int(year) if year.isdecimal() and len(year) == 4 else None
    tiers, years = queries.tiers_and_years()
    tier = asked.get("bac", "") if asked.get("bac") in tiers else ""
    listed = queries.decisions(tier=tier, year=number, after=asked.get("sau", ""))
    may_record = has_permission(request.user, Permission.RECORD_DECISIONS)
    context = {"listed": listed, "tiers": tiers, "years": years, "tier": tier, "year": number}
    return render(request, "criteria/decisions.html", {**context, "may_record": may_record})


@desk_page
@require_GET
def decision(request: DeskRequest, decision_id: int) -> HttpResponse:
    """One decision with its units."""
    return _page(request, decision_id)


def _page(request: DeskRequest, decision_id: int, fault: str = "", status: int = 200) -> HttpResponse:
    found, acts = queries.decision(decision_id)
    office = has_permission(request.user, Permission.RECORD_DECISIONS)
    may_confirm = office and found.recorded_by_id not in (None, request.user.pk) and found.confirmed_by_id is None
    context = {"decision": found, "acts": acts, "may_confirm": may_confirm, "fault": fault}
    return render(request, "criteria/decision.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def decision_new(request: DeskRequest) -> HttpResponse:
    """A form for a decision and its units; everything that is wrong is told at once and nothing is recorded."""
    _require_office(request)
    form = DecisionForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "criteria/decision_new.html", {"form": form}, status=status)
    recorded, refused = attempt(
        actions.record_decision, paper=form.paper, areas=form.cleaned_data["units"].areas, by=request.user
    )
    if refused:
        told = refused.faults if isinstance(refused, actions.UnitsRefused) else [refused.message]
        form.add_error(refused.field if refused.field in form.fields else None, told)
        return render(request, "criteria/decision_new.html", {"form": form}, status=refused.status)
    messages.success(request, f"Đã ghi quyết định {recorded.number}. Cần một người khác đối chiếu với bản giấy.")
    return see_other("criteria:decision", recorded.pk)


@desk_page
@require_POST
def decision_confirm(request: DeskRequest, decision_id: int) -> HttpResponse:
    """The second officer says that the record agrees with the paper."""
    _require_office(request)
    _, refused = attempt(actions.confirm_decision, decision_id=decision_id, by=request.user)
    if refused:
        return _page(request, decision_id, refused.message, refused.status)
    messages.success(request, "Đã đối chiếu với bản giấy.")
    return see_other("criteria:decision", decision_id)

"""Decisions of recognition: the list, one with its units, recording, and the steps that a second person takes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import fingerprint
from communes.models import Area
from communes.paging import DayPlace
from criteria.actions import decisions as actions
from criteria.models import Decision, Recognition
from criteria.paper_forms import DecisionFilterForm, DecisionForm, ReasonForm
from criteria.queries import deciding, rulebook
from criteria.queries import decisions as queries
from criteria.queries import scans as scanned
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_office(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.RECORD_DECISIONS):
        raise OutOfScope


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """The list, newest first; a filter that cannot be read is told at its field and narrows nothing."""
    form = DecisionFilterForm(request.GET or None)
    is_read = form.is_bound and form.is_valid()
    chosen = form.chosen if is_read else queries.Filter()
    context = {
        "page": queries.listed(request.user, chosen, DayPlace.read(request.GET.get("sau", ""))),
        "form": form,
        "chosen": chosen,
        "is_narrowed": chosen != queries.Filter(),
        "acts": Recognition.Act.choices,
        "years": queries.years(request.user),
        "districts": queries.districts(),
        **_sight(request),
    }
    return render(request, "criteria/decisions.html", context, status=422 if form.is_bound and not is_read else 200)


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its units and its scan."""
    try:
        return decision_page(request, pk)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent


def decision_page(request: HttpRequest, pk: int, *, status: int = 200, **shown: object) -> HttpResponse:
    """The page, with what was refused and what was typed. Raises OutOfScope."""
    page = queries.page(request.user, pk)
    sight = _sight(request)
    found = scanned.of_decision(request.user, page.decision)
    context = {
        "page": page,
        "scans": found,
        "is_late": found.came_after(page.decision.confirmed_at),
        "may_send_scan": sight["may_record"] and not page.decision.is_withdrawn,
        "most_megabytes": settings.EVIDENCE_FILE_BYTES // 1024**2,
        **sight,
        **shown,
    }
    response = render(request, "criteria/decision.html", context, status=status)
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response


def _sight(request: HttpRequest) -> dict[str, bool]:
    """Who reads: the office takes the steps, officers read who took them, everybody reads the decision."""
    return {
        "may_record": has_permission(request.user, Permission.RECORD_DECISIONS),
        "is_officer": has_permission(request.user, Permission.SEE_DRAFTS),
    }


# Each step of the page: what it does, what is said after it, and whether it needs a reason.
_STEPS: dict[str, tuple[Callable[..., Any], str, bool]] = {
    "doi-chieu": (actions.confirm_decision, "Đã đối chiếu quyết định với văn bản.", False),
    "de-nghi-rut": (actions.ask_withdrawal, "Đã đề nghị rút. Cần một người khác đồng ý.", True),
    "giu": (actions.keep_decision, "Giữ quyết định như đã ghi.", False),
    "rut": (actions.withdraw_decision, "Đã rút quyết định. Các đơn vị được tính lại.", False),
}


@desk_page
@require_POST
def decision_step(request: DeskRequest, pk: int, step: str) -> HttpResponseBase:
    """Confirm, ask to withdraw, keep, or withdraw."""
    _require_office(request)
    if step not in _STEPS:
        raise OutOfScope
    action, done, needs_reason = _STEPS[step]
    form = ReasonForm(request.POST)
    said: dict[str, Any] = {}
    if needs_reason:
        if not form.is_valid():
            return decision_page(request, pk, status=422, reason_form=form)
        said = {"reason": form.cleaned_data["reason"]}
    seen = request.POST.get("units", "")
    if action is actions.confirm_decision and seen.isdecimal() and len(seen) < 10:
        said = {"units": int(seen)}
    _, refused = attempt(action, decision=queries.page(request.user, pk).decision, by=request.user, **said)
    if refused:
        return decision_page(request, pk, status=refused.status, refused=refused.message, reason_form=form)
    messages.success(request, done)
    return see_other("criteria:decision", pk)


@desk_page
@require_http_methods(["GET", "POST"])
def decision_new(request: DeskRequest) -> HttpResponseBase:
    """A form for one decision: units are looked up beside it; sent once it shows what follows, again it records."""
    _require_office(request)
    onto = _onto(request)
    if request.method == "GET":
        issuer = f"UBND {province.name[:1].lower()}{province.name[1:]}" if (province := rulebook.province()) else ""
        return _new(request, DecisionForm(initial={"issuer": issuer}, onto=onto), onto=onto)
    chosen = _chosen(request)
    if "find" in request.POST:
        return _looked_up(request, chosen, onto)
    form = DecisionForm(request.POST, onto=onto)
    if not form.is_valid():
        return _new(request, form, status=422, chosen=chosen, onto=onto)
    return _said(request, form, chosen, onto)


def _onto(request: DeskRequest) -> Decision | None:
    """The recorded decision that this is one more part of."""
    pk = request.GET.get("theo", "")
    if not pk:
        return None
    if not pk.isdecimal() or len(pk) > 18:
        raise OutOfScope
    decision = queries.page(request.user, int(pk)).decision
    if decision.recorded_by_id is None or decision.issued_on is None:
        raise OutOfScope
    return decision


def _new(request: DeskRequest, form: DecisionForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, "criteria/decision_new.html", {"form": form, **shown}, status=status)


def _chosen(request: DeskRequest) -> list[Area]:
    """The units whose box is ticked."""
    ids = [int(pk) for pk in request.POST.getlist("chosen")[: actions.MOST_UNITS] if pk.isdecimal() and len(pk) < 19]
    found = Area.objects.in_bulk(ids)
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _looked_up(request: DeskRequest, chosen: list[Area], onto: Decision | None) -> HttpResponse:
    """Units that match what was looked for, offered beside those ticked; everything typed stays."""
    form = DecisionForm(initial=request.POST.dict(), onto=onto)
    typed = onto.issued_on if onto else _day(request.POST.get("issued_on", ""))
    on = typed or timezone.localdate()
    text = request.POST.get("tim", "")[:120]
    known = {area.pk for area in chosen}
    offered = [area for area in deciding.searched(text, on=on) if area.pk not in known]
    return _new(request, form, chosen=chosen, offered=offered, looked_for=text, looked_on=on, onto=onto)


def _day(text: str) -> dt.date | None:
    try:
        return DecisionForm.base_fields["issued_on"].clean(text)
    except ValidationError:
        return None


def _said(request: DeskRequest, form: DecisionForm, chosen: list[Area], onto: Decision | None) -> HttpResponseBase:
    said = dict(form.cleaned_data)
    if onto:
        said |= {name: getattr(onto, name) for name in DecisionForm.OF_THE_PAPER}
    pasted = deciding.pasted(said["units"], on=said["issued_on"], levels=deciding.levels_of(said["tier"]))
    fields = (*DecisionForm.OF_THE_PAPER, "act", "tier", "result_year")
    areas = list({area.pk: area for area in (*chosen, *pasted.areas)}.values())
    paper = actions.Paper(**{name: said[name] for name in fields}, ground=form.ground_said, areas=areas, onto=onto)
    again: dict[str, Any] = {"chosen": chosen, "onto": onto}
    faults = [miss.message for miss in pasted.misses]
    checked, refused = attempt(actions.check_decision, paper=paper, by=request.user)
    if refused:
        faults += refused.details.get("faults", [])
        _put(form, refused)
    elif faults:
        form.refuse(f"{len(faults)} dòng không rõ là đơn vị nào; chưa ghi gì.", "units")
    if refused or faults:
        return _new(request, form, status=refused.status if refused else 422, faults=faults, **again)
    shown = fingerprint(replace(checked, areas=[]), [area.pk for area in checked.areas])
    if request.POST.get("shown") != shown:
        return _new(request, form, shown=shown, **again, **_preview(checked))
    recorded, refused = attempt(actions.record_decision, paper=checked, by=request.user)
    if refused:
        _put(form, refused)
        return _new(request, form, status=refused.status, faults=refused.details.get("faults", []), **again)
    messages.success(
        request, f"Đã ghi quyết định {recorded.number} cho {len(areas)} đơn vị. Cần một người khác đối chiếu."
    )
    return see_other("criteria:decision", recorded.pk)


def _put(form: DecisionForm, refused: Refused) -> None:
    """A fault of the ground stands at the field that was used."""
    field = refused.field
    if field == "ground" and form.cleaned_data.get("other_ground"):
        field = "other_ground"
    form.refuse(refused.message, field)


def _preview(paper: actions.Paper) -> dict[str, Any]:
    """The units with what each holds of the tier on the day."""
    held = deciding.held(paper.areas, {paper.tier}, paper.issued_on)
    lines = [(area, held.by(area.pk, paper.tier)) for area in paper.areas]
    return {"paper": paper, "lines": lines, "act_word": Recognition.Act(paper.act).label}

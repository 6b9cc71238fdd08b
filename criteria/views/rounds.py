"""Rounds: opened, closed and reopened by the province office."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import rounds as actions
from criteria.forms import CloseRoundForm, ExtendRoundForm, OpenRoundForm, ReopenRoundForm
from criteria.models import Round
from criteria.queries import rounds as queries
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_manager(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.MANAGE_ROUNDS):
        raise OutOfScope


def _page(request: DeskRequest, *, status: int = 200, **forms_shown: object) -> HttpResponse:
    context = {"rounds": queries.rounds(), "open_form": OpenRoundForm(), "close_form": CloseRoundForm(), **forms_shown}
    return render(request, "criteria/rounds.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def rounds(request: DeskRequest) -> HttpResponse:
    """All rounds, and a form for a new one."""
    _require_manager(request)
    if request.method == "GET":
        return _page(request)
    form = OpenRoundForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, open_form=form)
    opened, refused = attempt(actions.open_round, province=actions.province(), by=request.user, **form.cleaned_data)
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, status=refused.status, open_form=form)
    messages.success(request, f"Đã mở đợt {opened.period}: {opened.criteria_set.name}.")
    return see_other("criteria:rounds")


@desk_page
@require_POST
def close(request: DeskRequest, round_id: int) -> HttpResponse:
    """Freeze a round."""
    return _change(request, round_id, CloseRoundForm(request.POST), actions.close_round, "Đã chốt đợt.")


@desk_page
@require_POST
def extend(request: DeskRequest, round_id: int) -> HttpResponse:
    """Put the deadline off; the reason is kept."""
    return _change(request, round_id, ExtendRoundForm(request.POST), actions.extend_round, "Đã gia hạn đợt.")


@desk_page
@require_POST
def reopen(request: DeskRequest, round_id: int) -> HttpResponse:
    """Unfreeze a round; the reason is kept."""
    return _change(request, round_id, ReopenRoundForm(request.POST), actions.reopen_round, "Đã mở lại đợt.")


def _change(
    request: DeskRequest, round_id: int, form: forms.Form, action: Callable[..., Any], done: str
) -> HttpResponse:
    _require_manager(request)
    chosen = get_object_or_404(Round.objects.select_related("province"), pk=round_id)
    if not form.is_valid():
        return _page(request, status=422, fault_at=round_id, fault=next(iter(form.errors.values()))[0])
    _, refused = attempt(action, reading_round=chosen, by=request.user, **form.cleaned_data)
    if refused:
        return _page(request, status=refused.status, fault_at=round_id, fault=refused.message)
    messages.success(request, done)
    return see_other("criteria:rounds")

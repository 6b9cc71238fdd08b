"""Rounds: opened, put off, closed and reopened by the province office."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import rounds as actions
from criteria.forms import CloseRoundForm, ExtendRoundForm, ExtendUnitForm, OpenRoundForm, ReopenRoundForm
from criteria.queries import rounds as queries
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_manager(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.MANAGE_ROUNDS):
        raise OutOfScope


def _list(request: DeskRequest, form: OpenRoundForm, *, status: int = 200) -> HttpResponse:
    context = {"rounds": queries.rounds(), "open_form": form}
    return render(request, "criteria/rounds.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def rounds(request: DeskRequest) -> HttpResponse:
    """All rounds, and a form for a new one."""
    _require_manager(request)
    if request.method == "GET":
        return _list(request, OpenRoundForm())
    form = OpenRoundForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    opened, refused = attempt(actions.open_round, province=actions.province(), by=request.user, **form.cleaned_data)
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _list(request, form, status=refused.status)
    messages.success(request, f"Đã mở đợt {opened.period}: {opened.criteria_set.name}.")
    return see_other("criteria:rounds")


def _found(request: DeskRequest, round_id: int) -> queries.RoundPage:
    _require_manager(request)
    page = queries.round_page(round_id)
    if page is None:
        raise Http404
    return page


def _units(page: queries.RoundPage) -> list[tuple[str, str]]:
    return [(folder.area.code, folder.area.name) for folder in page.folders]


def _page(request: DeskRequest, page: queries.RoundPage, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page of one round; the forms that were sent keep what was typed."""
    context: dict[str, object] = {
        "page": page,
        "close_form": CloseRoundForm(auto_id="close-%s"),
        "extend_form": ExtendRoundForm(auto_id="extend-%s"),
        "unit_form": ExtendUnitForm(units=_units(page), auto_id="unit-%s"),
        "reopen_form": ReopenRoundForm(auto_id="reopen-%s"),
    }
    return render(request, "criteria/round.html", context | bound, status=status)


@desk_page
@require_GET
def one(request: DeskRequest, round_id: int) -> HttpResponse:
    """One round: how far it is, and what closing it now would leave unfinished."""
    return _page(request, _found(request, round_id))


@desk_page
@require_POST
def close(request: DeskRequest, round_id: int) -> HttpResponse:
    """Freeze a round."""
    form = CloseRoundForm(request.POST, auto_id="close-%s")
    return _change(request, round_id, "close_form", form, actions.close_round, "Đã chốt đợt.")


@desk_page
@require_POST
def extend(request: DeskRequest, round_id: int) -> HttpResponse:
    """Put the deadline off; the reason is kept."""
    form = ExtendRoundForm(request.POST, auto_id="extend-%s")
    return _change(request, round_id, "extend_form", form, actions.extend_round, "Đã gia hạn đợt.")


@desk_page
@require_POST
def reopen(request: DeskRequest, round_id: int) -> HttpResponse:
    """Unfreeze a round; the reason is kept."""
    form = ReopenRoundForm(request.POST, auto_id="reopen-%s")
    return _change(request, round_id, "reopen_form", form, actions.reopen_round, "Đã mở lại đợt.")


@desk_page
@require_POST
def extend_unit(request: DeskRequest, round_id: int) -> HttpResponse:
    """Give one unit a deadline of its own, or take it back; the reason is kept."""
    page = _found(request, round_id)
    form = ExtendUnitForm(request.POST, units=_units(page), auto_id="unit-%s")
    if not form.is_valid():
        return _page(request, page, status=422, unit_form=form)
    said = form.cleaned_data
    folder = next(each for each in page.folders if each.area.code == said["unit"])
    _, refused = attempt(
        actions.extend_unit, assessment=folder, due_on=said["due_on"], reason=said["reason"], by=request.user
    )
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, page, status=refused.status, unit_form=form)
    messages.success(request, f"Đã ghi hạn riêng của {folder.area.name}." if said["due_on"] else "Đã bỏ hạn riêng.")
    return see_other("criteria:round", round_id)


def _change(
    request: DeskRequest, round_id: int, name: str, form: forms.Form, action: Callable[..., Any], done: str
) -> HttpResponse:
    page = _found(request, round_id)
    if not form.is_valid():
        return _page(request, page, status=422, **{name: form})
    _, refused = attempt(action, reading_round=page.round, by=request.user, **form.cleaned_data)
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, page, status=refused.status, **{name: form})
    messages.success(request, done)
    return see_other("criteria:round", round_id)

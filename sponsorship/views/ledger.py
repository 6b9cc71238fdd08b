"""The ledger: the list, one entry, writing, comparing, spending and cancelling."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope
from accounts.roles import Permission
from communes.models import Area
from communes.paging import DayPlace, row_id
from sponsorship.actions import ledger as actions
from sponsorship.actions import spending
from sponsorship.actions.shared import require_reach
from sponsorship.forms import ContributionForm, FilterForm, ReasonForm, SpendForm
from sponsorship.queries import entering
from sponsorship.queries import entry as one
from sponsorship.queries import ledger as queries
from sponsorship.spelling import spelled
from sponsorship.views.offers import offered, placed
from sponsorship.views.pages import accepted, may, public_page, put


@public_page
def entries(request: HttpRequest) -> HttpResponse:
    """The list, newest first; a filter that cannot be read is told at its field and narrows nothing."""
    form = FilterForm(request.GET)
    is_read = form.is_valid()
    chosen = form.chosen if is_read else queries.Filter()
    found = queries.listed(request.user, chosen, DayPlace.read(request.GET.get("sau", "")))
    context = {
        "page": found,
        "form": form,
        "chosen": chosen,
        "is_narrowed": chosen != queries.Filter(),
        "unit": Area.objects.filter(pk=chosen.area).first() if chosen.area else None,
        "may_keep": may(request, Permission.KEEP_LEDGER),
    }
    return render(request, "sponsorship/entries.html", context, status=200 if is_read else 422)


@public_page
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its reversal and what was spent of it."""
    return _entry(request, pk)


def _entry(request: HttpRequest, pk: int, *, status: int = 200, **shown: object) -> HttpResponse:
    today = timezone.localdate()
    forms = {"spend": SpendForm(initial={"paid_on": today}), "reason": ReasonForm(), "taking": None}
    context = {"page": one.page(request.user, pk), **forms, **shown}
    return render(request, "sponsorship/entry.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def entry_new(request: DeskRequest) -> HttpResponseBase:
    """Write one contribution."""
    if not may(request, Permission.KEEP_LEDGER):
        raise OutOfScope
    if request.method == "GET":
        return _new(request, ContributionForm(initial=_initial(request), user=request.user))
    return _written(request, ContributionForm(request.POST, user=request.user))


@desk_page
@require_http_methods(["GET", "POST"])
def entry_again(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Write a cancelled entry again as it should have been: dated today, counted in the year of its money."""
    cancelled = one.to_replace(request.user, pk)
    if request.method == "GET":
        initial = one.as_typed(cancelled)
        return _new(request, ContributionForm(initial=initial, user=request.user, replaces=cancelled))
    return _written(request, ContributionForm(request.POST, user=request.user, replaces=cancelled))


def _written(request: DeskRequest, form: ContributionForm) -> HttpResponse:
    made, status = accepted(form, lambda: actions.receive(said=form.said, by=request.user))
    if made is None:
        return _new(request, form, status=status)
    messages.success(request, "Đã ghi khoản đóng góp. Cần một người khác đối chiếu với chứng từ.")
    return see_other("sponsorship:entry", made.pk)


def _new(request: DeskRequest, form: ContributionForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "kept": form.kept, **offered(request)}
    return render(request, "sponsorship/entry_new.html", context, status=status)


def _initial(request: DeskRequest) -> dict[str, Any]:
    """What a link filled in: a pledge that is kept, a sponsor or a unit."""
    pk = row_id(request.GET.get("cam-ket", ""))
    pledge = entering.open_pledge(request.user, pk) if pk else None
    if pledge is None:
        return placed(request)
    indicator = pledge.indicator.code if pledge.indicator else ""
    same = {"channel": pledge.channel, "purpose": pledge.purpose, "pledge": pledge.pk, "indicator": indicator}
    return {"sponsor": pledge.sponsor.name, "area": pledge.area.name, **same}


@desk_page
@require_POST
def confirm(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A second person compared the entry with its paper."""
    _, refused = attempt(actions.confirm, entry=one.entry_of(request.user, pk), by=request.user)
    if refused:
        return _entry(request, pk, status=refused.status, refused=refused.message)
    messages.success(request, "Đã đối chiếu với chứng từ.")
    return see_other("sponsorship:entry", pk)


@desk_page
@require_POST
def reverse(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Cancel the entry."""
    entry = one.entry_of(request.user, pk)
    return _with_reason(request, pk, partial(actions.reverse, entry=entry))


@desk_page
@require_POST
def take_back(request: DeskRequest, pk: int, spent_id: int) -> HttpResponseBase:
    """Cancel what was written as spent."""
    spent = one.spending_of(pk, spent_id)
    return _with_reason(request, pk, partial(spending.take_back, spent=spent), taking=spent_id)


def _with_reason(
    request: DeskRequest, pk: int, action: Callable[..., Any], taking: int | None = None
) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    _, refused = attempt(action, reason=reason, by=request.user)
    if refused:
        if not form.errors:
            put(form, refused)
        return _entry(request, pk, status=refused.status, reason=form, taking=taking)
    messages.success(request, "Đã huỷ bằng một khoản ghi ngược. Khoản cũ vẫn đọc được; ghi lại cho đúng ở trang này.")
    return see_other("sponsorship:entry", pk)


@desk_page
@require_POST
def spend(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Write what was spent."""
    form, entry = SpendForm(request.POST), one.entry_of(request.user, pk)
    require_reach(request.user, entry.area)
    made, status = accepted(form, lambda: spending.spend(entry=entry, by=request.user, **form.cleaned_data))
    if made is None:
        return _entry(request, pk, status=status, spend=form)
    messages.success(request, "Đã ghi khoản chi.")
    return see_other("sponsorship:entry", pk)


@desk_page
@require_GET
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """The receipt to print, for officers of the place."""
    return _paper(request, pk, "sponsorship/receipt.html")


@desk_page
@require_GET
def thanks(request: DeskRequest, pk: int) -> HttpResponse:
    """The thank-you letter to print, for officers of the place."""
    return _paper(request, pk, "sponsorship/thanks.html")


def _paper(request: DeskRequest, pk: int, template: str) -> HttpResponse:
    page = one.page(request.user, pk)
    if not page.sees_papers or page.entry.reverses_id or page.is_cancelled:
        raise OutOfScope
    entry, name = page.entry, page.entry.area.name
    unit = f"{name[:1].lower()}{name[1:]}"  # in the middle of a sentence: xã Hà Linh
    context = {"page": page, "entry": entry, "unit": unit, "words": spelled(entry.amount)}
    return render(request, template, {**context, "today": timezone.localdate()})

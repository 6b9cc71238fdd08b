"""Promises: recorded, withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope
from accounts.roles import Permission
from sponsorship.actions import pledges as actions
from sponsorship.forms import PledgeForm, ReasonForm
from sponsorship.models import Pledge
from sponsorship.views.offers import offered, placed
from sponsorship.views.pages import accepted, may


@desk_page
@require_http_methods(["GET", "POST"])
def pledge_new(request: DeskRequest) -> HttpResponseBase:
    """Record a promise."""
    if not may(request, Permission.KEEP_LEDGER):
        raise OutOfScope
    if request.method == "GET":
        return _form(request, PledgeForm(initial=placed(request), user=request.user))
    form = PledgeForm(request.POST, user=request.user)
    made, status = accepted(form, lambda: actions.pledge(**form.said, by=request.user))
    if made is None:
        return _form(request, form, status=status)
    messages.success(request, "Đã ghi cam kết. Cam kết không tính vào tổng huy động.")
    return see_other("sponsorship:sponsor", made.sponsor_id)


def _form(request: DeskRequest, form: PledgeForm, *, status: int = 200) -> HttpResponse:
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
    _, refused = attempt(actions.withdraw, pledge=found, reason=reason, by=request.user)
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Đã rút cam kết.")
    return see_other("sponsorship:sponsor", found.sponsor_id)

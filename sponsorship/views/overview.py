"""The year at a glance, and closing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.desk import DeskRequest, attempt, desk_page
from accounts.errors import OutOfScope
from accounts.roles import Permission
from sponsorship.actions import years as actions
from sponsorship.forms import ReasonForm
from sponsorship.queries import gaps, ledger, totals
from sponsorship.queries.places import places_of
from sponsorship.queries.years import years_known
from sponsorship.views.pages import may, public_page, year_asked

LATEST, WORST = 11, 7


@public_page
def overview(request: HttpRequest) -> HttpResponse:
    """A year's money by channel, kind, source and district, its newest entries, and where money is lacking."""
    return _overview(request)


def _overview(request: HttpRequest, *, status: int = 200, **shown: object) -> HttpResponse:
    years, places = years_known(), places_of()
    year = year_asked(request, years.known)
    known: Any = {"years": years, "places": places}
    context = {
        "totals": totals.year_totals(year, **known),
        "years": years.known,
        "latest": ledger.listed(request.user, ledger.Filter(year=year), size=LATEST, **known),
        "board": gaps.board(size=WORST, **known),
        "may_keep": may(request, Permission.KEEP_LEDGER),
        "may_close": may(request, Permission.CLOSE_LEDGER),
        "form": ReasonForm(),
    }
    return render(request, "sponsorship/overview.html", {**context, **shown}, status=status)


@public_page
def breakdown(request: HttpRequest, split: str) -> HttpResponse:
    """One way of splitting a year's total, whole."""
    years = years_known().known
    year = year_asked(request, years)
    if split not in _SPLITS:
        raise OutOfScope
    title, parameter, parts_of = _SPLITS[split]
    parts = parts_of(request, year)
    context = {
        "year": year,
        "years": years,
        "split": split,
        "splits": [(key, words) for key, (words, _, _) in _SPLITS.items()],
        "title": title,
        "parameter": parameter,
        "parts": parts,
        "total": sum(part.amount for part in parts),
        "entries": sum(part.entries for part in parts),
    }
    return render(request, "sponsorship/breakdown.html", context)


_SPLITS = {
    "kenh": ("Theo kênh", "kenh", lambda request, year: totals.year_totals(year).by_channel),
    "loai": ("Theo loại", "loai", lambda request, year: totals.year_totals(year).by_kind),
    "nguon": ("Theo nguồn", "nguon", lambda request, year: totals.year_totals(year).by_source),
    "huyen": ("Theo huyện", "huyen", lambda request, year: totals.year_totals(year).by_district),
    "noi-nhan": ("Theo nơi nhận", "xa", lambda request, year: totals.year_totals(year).by_area),
    "tieu-chi": ("Theo tiêu chí", "tc", lambda request, year: totals.by_criterion(year)),
    "nha-tai-tro": ("Theo nhà tài trợ", "nha", lambda request, year: totals.by_sponsor(year, request.user)),
}


@desk_page
@require_POST
def close(request: DeskRequest, year: int) -> HttpResponseBase:
    """Publish the year's total."""
    closing, refused = attempt(actions.close, year=year, by=request.user)
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Đã chốt năm {closing.year}.")
    return _back(year)


@desk_page
@require_POST
def reopen(request: DeskRequest, year: int) -> HttpResponseBase:
    """Let the year be written again, with a reason."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    _, refused = attempt(actions.reopen, year=year, reason=reason, by=request.user)
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Đã mở lại năm {year}.")
    return _back(year)


def _back(year: int) -> HttpResponse:
    response = redirect(f"{reverse('sponsorship:overview')}?nam={year}")
    response.status_code = 303
    return response

"""The funding of the programme by source line: the year's table, and one unit's figures."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.roles import Permission
from sponsorship.actions import funding as actions
from sponsorship.forms.funding import WORDS, SheetForm
from sponsorship.models.funding import MEASURES
from sponsorship.queries import entering
from sponsorship.queries import funding as queries
from sponsorship.views.pages import may, public_page, year_asked


@public_page
def funding(request: Any) -> HttpResponse:
    """A year's funding by line and by unit."""
    years = queries.years()
    year = year_asked(request, years)
    kept: Any = []
    if may(request, Permission.KEEP_LEDGER):
        kept = entering.units(request.user, min(entering.day_of(request.user), dt.date(year, 12, 31)))
    return render(
        request,
        "sponsorship/funding.html",
        {"page": queries.table(year, request.GET.get("huyen", "")[:10]), "years": years, "kept": kept},
    )


@desk_page
@require_http_methods(["GET", "POST"])
def sheet(request: DeskRequest, year: int, area_id: int) -> HttpResponseBase:
    """One unit's figures of a year."""
    if not 2000 <= year <= 2100:
        raise Http404
    page = queries.sheet(request.user, area_id, year)
    if request.method == "GET":
        return _sheet(request, page, SheetForm(page))
    form, status = SheetForm(page, request.POST), 422
    if form.is_valid:
        said = {"area": page.area, "year": year, "figures": form.figures}
        written, refused = attempt(actions.record, **said, by=request.user)
        if refused is None:
            messages.success(request, f"Đã ghi {written} dòng nguồn vốn của {page.area.name}.")
            return see_other("sponsorship:funding-sheet", year, area_id)
        form.refuse(refused)
        status = refused.status
    return _sheet(request, page, form, status=status)


def _sheet(request: DeskRequest, page: queries.Sheet, form: SheetForm, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "form": form, "words": [WORDS[name] for name in MEASURES], "is_refused": status != 200}
    return render(request, "sponsorship/funding_sheet.html", context, status=status)

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
from communes.rows import Unreadable
from sponsorship import amounts
from sponsorship.actions import funding as actions
from sponsorship.models.funding import MEASURES
from sponsorship.queries import entering
from sponsorship.queries import funding as queries
from sponsorship.views.pages import may, public_page, year_asked

WORDS = {"plan": "Kế hoạch", "mobilised": "Huy động", "disbursed": "Giải ngân"}


@public_page
def funding(request: Any) -> HttpResponse:
    """A year's funding by line and by unit."""
    years = queries.years()
    year = year_asked(request, years)
    kept: Any = []
    if may(request, Permission.KEEP_LEDGER):
        kept = entering.units(request.user, min(entering.day_of(request.user), dt.date(year, 12, 31)))
    return render(request, "sponsorship/funding.html", {"page": queries.table(year), "years": years, "kept": kept})


@desk_page
@require_http_methods(["GET", "POST"])
def sheet(request: DeskRequest, year: int, area_id: int) -> HttpResponseBase:
    """One unit's figures of a year."""
    if not 2000 <= year <= 2100:
        raise Http404
    page = queries.sheet(request.user, area_id, year)
    if request.method == "GET":
        return _sheet(request, page, {}, {})
    said, faults = _read(request, page)
    if not faults:
        written, refused = attempt(actions.record, area=page.area, year=year, figures=said, by=request.user)
        if refused is None:
            messages.success(request, f"Đã ghi {written} dòng nguồn vốn của {page.area.name}.")
            return see_other("sponsorship:funding-sheet", year, area_id)
        faults = {refused.field: refused.message}
    return _sheet(request, page, request.POST.dict(), faults, status=422)


def _read(request: DeskRequest, page: queries.Sheet) -> tuple[actions.Figures, dict[str, str]]:
    """The typed figures, and what could not be read by the name of its field."""
    faults: dict[str, str] = {}

    def amount(name: str) -> int:
        try:
            return amounts.dong(request.POST.get(name, "")[:40]) or 0
        except Unreadable as unreadable:
            faults[name] = str(unreadable)
            return 0

    lines = {line.code: {name: amount(f"{line.code}-{name}") for name in MEASURES} for line in page.lines}
    versions = {name: _version(request, name) for name in (*lines, actions.ARREARS)}
    return actions.Figures(lines=lines, arrears=amount(actions.ARREARS), versions=versions), faults


def _version(request: DeskRequest, name: str) -> int | None:
    text = request.POST.get(f"{name}-version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _sheet(
    request: DeskRequest, page: queries.Sheet, typed: dict[str, str], faults: dict[str, str], *, status: int = 200
) -> HttpResponse:
    rows = []
    for line in page.lines:
        row = page.stored.get(line.code)
        cells = [_cell(f"{line.code}-{name}", getattr(row, name, 0), typed, faults, WORDS[name]) for name in MEASURES]
        rows.append((line, cells, row.version if row else ""))
    arrears = _cell(actions.ARREARS, page.arrears.amount if page.arrears else 0, typed, faults, "Nợ đọng")
    context = {"page": page, "rows": rows, "arrears": arrears, "words": WORDS.values(), "faults": faults}
    return render(request, "sponsorship/funding_sheet.html", context, status=status)


def _cell(name: str, stored: int, typed: dict[str, str], faults: dict[str, str], word: str) -> dict[str, Any]:
    return {"name": name, "stored": stored, "typed": typed.get(name), "fault": faults.get(name, ""), "word": word}

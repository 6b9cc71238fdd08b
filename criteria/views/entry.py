"""The entry sheet and one cell of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.models import User
from criteria.actions import readings
from criteria.forms import CellForm
from criteria.queries.sheet import Problem, Sheet, sheet
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

STALE = "Người khác vừa sửa ô này: của bạn {mine}; của cán bộ khác {theirs}. Chọn một giá trị."
NOTHING = "trống"


@desk_page
@require_http_methods(["GET", "POST"])
def entry(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """The sheet of one unit. A post saves every touched cell, each for itself; refused ones keep their text."""
    where: dict[str, object] = {"round_id": round_id, "area__code": area_code}
    shown = sheet(request.user, where)
    if request.method == "GET":
        return render(request, "criteria/entry.html", {"sheet": shown, "wide": True})
    touched = _touched(request, shown)
    problems = {pk: fault for pk, form in touched.items() if (fault := _save(request.user, pk, form))}
    if not problems:
        messages.success(request, f"Đã lưu {len(touched)} giá trị." if touched else "Không có giá trị nào thay đổi.")
        return see_other("criteria:entry", round_id, area_code)
    again = sheet(request.user, where, problems=_explained(problems, request.user, where))
    status = max(fault.status for fault in problems.values())
    return render(
        request,
        "criteria/entry.html",
        {"sheet": again, "saved": len(touched) - len(problems), "wide": True},
        status=status,
    )


def _touched(request: DeskRequest, shown: Sheet) -> dict[int, CellForm]:
    """The cells of the post whose text was changed, by reading id."""
    forms = {cell.reading.pk: _cell_form(request, cell.reading.pk) for cell in shown.cells}
    sent = {pk: form for pk, form in forms.items() if form.add_prefix("text") in request.POST}
    return {pk: form for pk, form in sent.items() if not form.is_valid() or form.is_touched}


def _cell_form(request: DeskRequest, reading_id: int) -> CellForm:
    return CellForm(request.POST, prefix=str(reading_id))


def _save(user: User, reading_id: int, form: CellForm) -> Problem | None:
    """Record one cell; the problem if it was refused."""
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return Problem(form.data.get(form.add_prefix("text"), ""), str(fault), "invalid", Refused.status, 0)
    text, version = form.cleaned_data["text"], form.over_version
    _, refused = attempt(readings.record, reading_id=reading_id, text=text, version=version, by=user)
    return Problem(text, refused.message, refused.code, refused.status, version) if refused else None


def _explained(problems: dict[int, Problem], user: User, where: dict[str, object]) -> dict[int, Problem]:
    """Conflicts told with both values, as they stand now."""
    if not any(fault.is_stale for fault in problems.values()):
        return problems
    current = sheet(user, where)
    return {pk: _with_both(fault, current, pk) if fault.is_stale else fault for pk, fault in problems.items()}


def _with_both(fault: Problem, current: Sheet, reading_id: int) -> Problem:
    theirs = current.cell(reading_id).typed or NOTHING
    told = STALE.format(mine=fault.text or NOTHING, theirs=theirs)
    return Problem(fault.text, told, fault.code, fault.status, fault.version)


@desk_page
@require_http_methods(["GET", "POST"])
def cell(request: DeskRequest, reading_id: int) -> HttpResponse:
    """One value: saved, and answered as its row with the counts of the sheet. GET shows what is stored."""
    where: dict[str, object] = {"readings": reading_id}
    shown = sheet(request.user, where)
    problems: dict[int, Problem] = {}
    if request.method == "POST" and (fault := _save(request.user, reading_id, _cell_form(request, reading_id))):
        problems = _explained({reading_id: fault}, request.user, where)
    status = problems[reading_id].status if problems else 200
    if request.htmx:
        return _row(request, reading_id, sheet(request.user, where, problems=problems), status)
    if problems:
        again = sheet(request.user, where, problems=problems)
        return render(request, "criteria/entry.html", {"sheet": again, "wide": True}, status=status)
    return see_other("criteria:entry", shown.round.pk, shown.area.code, anchor=f"v-{reading_id}")


def _row(request: DeskRequest, reading_id: int, current: Sheet, status: int) -> HttpResponse:
    group = next(g for g in current.groups if any(c.reading.pk == reading_id for c in g.cells))
    context = {"sheet": current, "cell": current.cell(reading_id), "group": group, "swapped": True}
    return render(request, "criteria/_cell_saved.html", context, status=status)

"""My work, the entry sheet, one cell of it, and submitting."""

from base64 import b64encode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Refused
from accounts.models import User
from criteria.actions import readings
from criteria.forms import CellForm
from criteria.queries import desk, review
from criteria.queries.cells import seal_of
from criteria.queries.sheet import Problem, Sheet, sheet
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

STALE = "Người khác vừa sửa ô này: của bạn {mine}; của cán bộ khác {theirs}. Chọn một giá trị."
NOTHING = "trống"


@desk_page
@require_GET
def my_work(request: DeskRequest) -> HttpResponse:
    """Rounds open to the own units, and what waits for a step of the own."""
    context = {"work": desk.my_work(request.user), "waiting": review.counts(request.user), "steps": review.STEP_WORDS}
    return render(request, "criteria/my_work.html", context)


@desk_page
@require_http_methods(["GET", "POST"])
def entry(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """The sheet of one unit. A post saves every touched cell, each for itself; refused ones keep their text."""
    where: dict[str, object] = {"round_id": round_id, "area__code": area_code}
    shown = sheet(request.user, where)
    if request.method == "GET":
        return render(request, "criteria/entry.html", _page(request, shown))
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
        {**_page(request, again), "saved": len(touched) - len(problems)},
        status=status,
    )


def _page(request: DeskRequest, shown: Sheet) -> dict[str, object]:
    """What the page of a sheet needs: where it posts to, and the seal of what its reader types."""
    where = [shown.round.pk, shown.area.code]
    return {
        "sheet": shown,
        "wide": True,
        "seal": b64encode(seal_of(request.user)).decode(),
        "page_url": reverse("criteria:entry", args=where),
        "submit_url": reverse("criteria:submit", args=where),
    }


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
    _, refused = attempt(
        readings.record, reading_id=reading_id, text=text, version=version, by=user, note=form.new_note
    )
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
def submit(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """What is missing, what does not hold; then the folder is handed in."""
    shown = sheet(request.user, {"round_id": round_id, "area__code": area_code})
    if request.method == "GET":
        return render(request, "criteria/submit.html", {"sheet": shown})
    moved, refused = attempt(readings.submit, assessment_id=shown.assessment.pk, by=request.user)
    if refused:
        context = {"sheet": shown, "fault": refused.message}
        return render(request, "criteria/submit.html", context, status=refused.status)
    messages.success(request, f"Đã nộp {moved} giá trị của {shown.area.name}.")
    return see_other("criteria:my-work")

"""My work, and handing a folder in: what is missing, what is left blank on purpose, what needs a word first."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope, Refused
from criteria.actions import readings
from criteria.forms import WhyForm
from criteria.queries import desk, papers, review, scans
from criteria.queries.panel import mentions_of
from criteria.queries.sheet import Sheet, sheet
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

TO_LEAVE, NO_RESULT = "để trống", "chưa có kết quả điều tra"
TO_KEEP, CHECKED = "giữ nguyên", "đã đối chiếu lại với biểu gốc"


@desk_page
@require_GET
def my_work(request: DeskRequest) -> HttpResponse:
    """Rounds open to the own units, what came back, and what waits for a step of the own."""
    work = desk.my_work(request.user)
    request.menu_counts = {"criteria:my-work": work.to_do, "criteria:review": sum(work.waiting.values())}
    context = {"work": work, "waiting": work.waiting, "steps": review.STEP_WORDS}
    return render(request, "criteria/my_work.html", {**context, "mentions": mentions_of(request.user)})


@desk_page
@require_http_methods(["GET", "POST"])
def submit(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """What is missing, what does not hold; then the folder is handed in."""
    shown = sheet(request.user, {"round_id": round_id, "area__code": area_code})
    if request.method == "GET":
        return submit_page(request, shown)
    moved, refused = attempt(readings.submit, assessment_id=shown.assessment.pk, by=request.user)
    if refused:
        return submit_page(request, shown, refused)
    messages.success(request, f"Đã nộp {moved} giá trị của {shown.area.name}.")
    return see_other("criteria:my-work")


def submit_page(
    request: DeskRequest,
    shown: Sheet,
    refused: Refused | None = None,
    form: WhyForm | None = None,
    *,
    status: int = 0,
    **said: object,
) -> HttpResponse:
    """The page, with what was refused and what was typed."""
    found = scans.of_folder(request.user, shown.assessment)
    context = {
        "sheet": shown,
        "fault": refused.message if refused else "",
        "blank": [cell for cell in shown.missing if not cell.reading.note],
        "on_purpose": [cell for cell in shown.missing if cell.reading.note],
        "back": [cell for cell in shown.returned if cell.editable],
        "blank_form": form if form and form.said == TO_LEAVE else None,
        "keep_form": form if form and form.said == TO_KEEP else None,
        "scans": found,
        "is_officer": True,
        "most_megabytes": settings.EVIDENCE_FILE_BYTES // 1024**2,
        # The figures that were signed are not those of now.
        "is_outdated": found.standing is not None and found.standing.mark != papers.mark(shown),
        **said,
    }
    status = status or (refused.status if refused else 422 if form and form.errors else 200)
    return render(request, "criteria/submit.html", context, status=status)


@desk_page
@require_POST
def leave_blank(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """Say why chosen values stay blank; each that changed meanwhile is told."""
    return _said_why(request, round_id, area_code, WhyForm(request.POST, said=TO_LEAVE, example=NO_RESULT))


@desk_page
@require_POST
def stand_by(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """Say why chosen values that came back stay as they are: they are handed in again."""
    return _said_why(request, round_id, area_code, WhyForm(request.POST, said=TO_KEEP, example=CHECKED))


def _said_why(request: DeskRequest, round_id: int, area_code: str, form: WhyForm) -> HttpResponse:
    shown = sheet(request.user, {"round_id": round_id, "area__code": area_code})
    if not form.is_valid():
        return submit_page(request, shown, form=form)
    typed = {cell.reading.pk: cell.typed for cell in shown.cells}
    if not typed.keys() >= form.versions.keys():
        raise OutOfScope
    note, said = form.cleaned_data["note"], 0
    for pk, version in form.versions.items():
        text = typed[pk] if form.said == TO_KEEP else ""
        _, refused = attempt(readings.record, reading_id=pk, text=text, version=version, note=note, by=request.user)
        if refused:
            shown = sheet(request.user, {"round_id": round_id, "area__code": area_code})
            return submit_page(request, shown, refused, form)
        said += 1
    messages.success(request, f"Đã ghi lý do {form.said} {said} giá trị.")
    return see_other("criteria:submit", round_id, area_code)

"""Sending the scan of a signed paper, and downloading it."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import scans
from criteria.models import Scan
from criteria.queries import decisions as decided
from criteria.queries import scans as scanned
from criteria.queries.sheet import sheet
from criteria.views import uploads
from criteria.views.decisions import decision_page
from criteria.views.evidence import handed_over
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from criteria.views.work import submit_page
from files.receiving import Received

KEPT = "Đã lưu bản quét."
PLACE = "ban-quet"  # of the section on its page


@csrf_exempt
@desk_page
@require_POST
def of_decision(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep the scan of a decision."""
    if not has_permission(request.user, Permission.RECORD_DECISIONS):
        raise OutOfScope
    decision = decided.page(request.user, pk).decision
    return _sent(
        request,
        keep=partial(scans.keep_of_decision, decision=decision),
        page=partial(decision_page, request, pk),
        after=see_other("criteria:decision", pk, anchor=PLACE),
    )


@csrf_exempt
@desk_page
@require_POST
def of_sheet(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """Keep the scan of a unit's signed sheet."""
    found = sheet(request.user, {"round_id": round_id, "area__code": area_code})
    return _sent(
        request,
        keep=partial(scans.keep_of_sheet, assessment=found.assessment),
        page=partial(submit_page, request, found),
        after=see_other("criteria:submit", round_id, area_code, anchor=PLACE),
    )


def _sent(
    request: DeskRequest, *, keep: Callable[..., Scan], page: Callable[..., HttpResponse], after: HttpResponse
) -> HttpResponse:
    """Keep the one file of the post; refused, the page comes back with the reason and the note as typed."""

    def refuse(message: str, status: int, field: str = "files") -> HttpResponse:
        # What is far too large was not read, and is not read for its note either.
        note = "" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else request.POST.get("note", "")
        return page(status=status, scan_fault={field: message}, scan_note=note)

    def then(came: list[Received]) -> HttpResponse:
        if len(came) > 1:
            return refuse("Gửi một tệp: gộp các trang vào một tệp PDF.", HTTPStatus.UNPROCESSABLE_ENTITY)
        _, refused = attempt(keep, received=came[0], note=request.POST.get("note", ""), by=request.user)
        if refused:
            return refuse(refused.message, refused.status, refused.field)
        messages.success(request, KEPT)
        return after

    return uploads.take(request, then=then, refuse=refuse)


@require_GET
def download(request: HttpRequest, key: str) -> HttpResponse | FileResponse:
    """The file, to whoever may read its paper; absent for everybody else, signed in or not."""
    try:
        found = scanned.in_sight(request.user, key)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    return handed_over(request, found.file, found.name, back=_paper_of(found))


def _paper_of(scan: Scan) -> str:
    """The page that shows the scan."""
    if folder := scan.assessment:
        return reverse("criteria:submit", args=[folder.round_id, folder.area.code])
    return reverse("criteria:decision", args=[scan.decision_id])

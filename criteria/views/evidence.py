"""Sending evidence of a value, taking it away, taking it over from the period before, and downloading it."""

import logging
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import OutOfScope, Refused
from criteria.actions import evidence
from criteria.queries import panel as panels
from criteria.views.panel import shown
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from files import serving
from files.receiving import Received, receiving

EVIDENCE = "criteria/_panel_evidence.html"
CUT = "Tệp chưa tới đủ, chưa lưu. Gửi lại."
# The last field of the form: where it came, everything before it came whole.
LAST_FIELD, LAST_VALUE = "end", "het"
logger = logging.getLogger(__name__)


# The body is read only once the person is known to see the value, and is streamed: `_attached` checks the token.
@csrf_exempt
@desk_page
@require_POST
def attach(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Keep the files of the post, each for itself; the refused ones are named with the reason."""
    panels.require_in_sight(request.user, reading_id)
    if _announced(request) > settings.EVIDENCE_REQUEST_BYTES:
        most = settings.EVIDENCE_REQUEST_BYTES // 1024**2
        return _refused(request, reading_id, f"Gửi một lần nhiều nhất {most} MB. Chia ra nhiều lần.", 413)
    with receiving(request, most_bytes=settings.EVIDENCE_FILE_BYTES):
        try:
            return _attached(request, reading_id)
        except UnreadablePostError:
            return _refused(request, reading_id, CUT, 400)


def _announced(request: DeskRequest) -> int:
    """Bytes of the body as its head says."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isdecimal() and len(said) < 16 else 0


@csrf_protect
def _attached(request: DeskRequest, reading_id: int) -> HttpResponse:
    if request.POST.get(LAST_FIELD) != LAST_VALUE:
        return _refused(request, reading_id, CUT, 400)
    came = cast(list[Received], request.FILES.getlist("files"))
    if not came:
        return _refused(request, reading_id, "Chọn tệp trước khi gửi.", 422)
    faults = [(received, fault) for received in came if (fault := _kept(request, reading_id, received))]
    if faults:
        named = [fault.message if len(came) == 1 else f"{each.name}: {fault.message}" for each, fault in faults]
        return _refused(request, reading_id, " ".join(named), max(fault.status for _, fault in faults))
    return _done(request, reading_id, f"Đã thêm {len(came)} tệp minh chứng.")


def _kept(request: DeskRequest, reading_id: int, received: Received) -> Refused | None:
    return attempt(evidence.attach, reading_id=reading_id, received=received, by=request.user)[1]


def _refused(request: DeskRequest, reading_id: int, message: str, status: int) -> HttpResponse:
    response = shown(request, reading_id, EVIDENCE, refused=Refused(message, field="files"))
    response.status_code = status
    return response


def _done(request: DeskRequest, reading_id: int, message: str) -> HttpResponse:
    if request.htmx:
        return shown(request, reading_id, EVIDENCE)
    messages.success(request, message)
    return see_other("criteria:panel", reading_id, anchor="minh-chung")


@desk_page
@require_POST
def carry(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Take over the files of the period before."""
    made, refused = attempt(evidence.carry_forward, reading_id=reading_id, by=request.user)
    if refused:
        return shown(request, reading_id, EVIDENCE, refused=refused)
    return _done(request, reading_id, f"Đã lấy {len(made)} tệp từ kỳ trước.")


@desk_page
@require_POST
def remove(request: DeskRequest, evidence_id: int) -> HttpResponse:
    """Take one file away, with a reason."""
    reading_id, reason = panels.evidence_in_sight(request.user, evidence_id).reading_id, request.POST.get("reason", "")
    _, refused = attempt(evidence.remove, evidence_id=evidence_id, reason=reason, by=request.user)
    if refused:
        removing = {"removing": evidence_id, "removal_reason": reason, "removal_fault": refused.message}
        return shown(request, reading_id, EVIDENCE, refused=refused, **removing)
    return _done(request, reading_id, "Đã gỡ một tệp minh chứng.")


@require_GET
def download(request: DeskRequest, evidence_id: int) -> HttpResponse | FileResponse:
    """The file, to whoever may see its value on the way; absent for everybody else, signed in or not."""
    try:
        found = panels.evidence_in_sight(request.user, evidence_id)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    file = found.file
    try:
        return serving.download(key=file.key, sha256=file.sha256, kind=file.kind, name=found.name)
    except serving.Damaged:
        logger.exception("stored file %s is damaged", file.key)
        return render(request, "criteria/evidence_damaged.html", {"evidence": found}, status=HTTPStatus.GONE)

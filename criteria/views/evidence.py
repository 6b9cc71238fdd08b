"""Sending evidence of a value, taking it away, taking it over from the period before, and downloading it."""

import logging
from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import OutOfScope, Refused
from criteria.actions import evidence
from criteria.models import StoredFile
from criteria.queries import panel as panels
from criteria.views import uploads
from criteria.views.panel import shown
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from files import serving
from files.receiving import Received

EVIDENCE = "criteria/_panel_evidence.html"
logger = logging.getLogger(__name__)


# The body is read only once the person is known to see the value: uploads.take checks the token.
@csrf_exempt
@desk_page
@require_POST
def attach(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Keep the files of the post, each for itself; the refused ones are named with the reason."""
    panels.require_in_sight(request.user, reading_id)
    return uploads.take(
        request,
        then=lambda came: _attached(request, reading_id, came),
        refuse=lambda message, status: _refused(request, reading_id, message, status),
    )


def _attached(request: DeskRequest, reading_id: int, came: list[Received]) -> HttpResponse:
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
def download(request: DeskRequest, key: str) -> HttpResponse | FileResponse:
    """The file, to whoever may see its value on the way; absent for everybody else, signed in or not."""
    try:
        found = panels.file_in_sight(request.user, key)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    return handed_over(request, found.file, found.name, back=reverse("criteria:panel", args=[found.reading_id]))


def handed_over(request: HttpRequest, file: StoredFile, name: str, *, back: str) -> HttpResponse | FileResponse:
    """A stored file, or the page that says that it is damaged."""
    try:
        return serving.download(key=file.key, sha256=file.sha256, kind=file.kind, name=name)
    except serving.Damaged:
        logger.exception("stored file %s is damaged", file.key)
        return render(request, "criteria/evidence_damaged.html", {"name": name, "back": back}, status=HTTPStatus.GONE)

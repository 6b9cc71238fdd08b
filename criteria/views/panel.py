"""What stands beside one value: the panel, its evidence and the talk; and the kept files, for who may see the value."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.errors import OutOfScope
from criteria.actions import evidence, threads
from criteria.forms import CommentForm, RemovalForm
from criteria.models import StoredFile
from criteria.queries import panel as queries
from criteria.rules.evidence import limits
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from files import storage, uploads
from files.kinds import LARGEST, Kind

DAMAGED = "Tệp {} trên máy chủ không còn nguyên vẹn nên không mở. Báo quản trị hệ thống."
CHOOSE = "Chọn tệp rồi tải lên."

log = logging.getLogger(__name__)


@desk_page
@require_GET
def panel(request: DeskRequest, reading_id: int) -> HttpResponse:
    """One value with what stands beside it: a page, or for a script the panel alone."""
    return _shown(request, reading_id)


def _shown(request: DeskRequest, reading_id: int, *, status: int = 200, **said: Any) -> HttpResponse:
    """The panel as it stands now; `said` are a message and what was typed and refused."""
    history = request.GET.get("lich-su", "")
    found = queries.panel(
        request.user,
        reading_id,
        said_before=request.GET.get("truoc", ""),
        events_before=int(history) if history.isdecimal() and len(history) < 16 else None,
    )
    context = {"panel": found, "key": uuid.uuid4(), "limits": limits(), "largest": LARGEST, **said}
    name = "criteria/_panel.html" if request.htmx else "criteria/panel.html"
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _done(request: DeskRequest, reading_id: int, message: str, anchor: str) -> HttpResponse:
    """After a write: the panel anew for a script, else a redirect to its page."""
    if request.htmx:
        return _shown(request, reading_id, done=message)
    messages.success(request, message)
    return see_other("criteria:panel", reading_id, anchor=anchor)


@desk_page
@require_POST
@uploads.streamed
def attach(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Keep the files of the form, each for itself; a refused one is named with its reason, the others stay."""
    if request.POST.get(uploads.WHOLE) != "1":
        return _shown(request, reading_id, status=400, file_faults=[("", uploads.CUT)])
    sent = request.FILES.getlist("files")
    if not sent:
        return _shown(request, reading_id, status=422, file_faults=[("", CHOOSE)])
    said = {"reading_id": reading_id, "by": request.user}
    refusals = [(file.name, attempt(evidence.attach, received=file, **said)[1]) for file in sent]
    faults = [(name, refused) for name, refused in refusals if refused]
    if not faults:
        return _done(request, reading_id, f"Đã thêm {len(sent)} tệp minh chứng.", "minh-chung")
    status = max(refused.status for _, refused in faults)
    told = [(name, refused.message) for name, refused in faults]
    return _shown(request, reading_id, status=status, file_faults=told)


@desk_page
@require_POST
def carry_forward(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Take over the evidence of the period before."""
    taken, refused = attempt(evidence.carry_forward, reading_id=reading_id, by=request.user)
    if refused:
        return _shown(request, reading_id, status=refused.status, file_faults=[("", refused.message)])
    said = f"Đã lấy lại {taken} tệp từ kỳ trước." if taken else "Minh chứng kỳ trước đã có ở đây."
    return _done(request, reading_id, said, "minh-chung")


@desk_page
@require_POST
def remove(request: DeskRequest, reading_id: int, evidence_id: int) -> HttpResponse:
    """Take one file away, with a reason."""
    form = RemovalForm(request.POST)
    typed = {"removing": evidence_id, "typed_reason": request.POST.get("reason", "")}
    if not form.is_valid():
        return _shown(request, reading_id, status=422, removal_fault=form.errors["reason"][0], **typed)
    said = {"evidence_id": evidence_id, "by": request.user, **form.cleaned_data}
    gone, refused = attempt(evidence.remove, reading_id=reading_id, **said)
    if refused:
        return _shown(request, reading_id, status=refused.status, removal_fault=refused.message, **typed)
    return _done(request, reading_id, f"Đã gỡ tệp {gone.file.shown_name}.", "minh-chung")


@desk_page
@require_POST
def comment(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Say something about the value."""
    return _talk(request, reading_id, CommentForm(request.POST), threads.comment, "Đã gửi.")


@desk_page
@require_POST
def resolve(request: DeskRequest, reading_id: int) -> HttpResponse:
    """State that the talk is settled, with a last word or without."""
    form = CommentForm(request.POST)
    form.fields["text"].required = False
    return _talk(request, reading_id, form, threads.resolve, "Đã đánh dấu xong.")


def _talk(request: DeskRequest, reading_id: int, form: CommentForm, act: Callable[..., Any], done: str) -> HttpResponse:
    typed = request.POST.get("text", "")
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return _shown(request, reading_id, status=422, text_fault=fault, typed_text=typed)
    _, refused = attempt(act, reading_id=reading_id, by=request.user, **form.cleaned_data)
    if refused:
        return _shown(request, reading_id, status=refused.status, text_fault=refused.message, typed_text=typed)
    return _done(request, reading_id, done, "trao-doi")


@require_safe
def evidence_file(request: DeskRequest, name: str) -> HttpResponseBase:
    """A kept file, to be saved; as a picture it may stand in a page. Absent for anybody who may not see the value."""
    try:
        found = queries.evidence_file(request.user, name)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    try:
        content = storage.opened(found.file.name, found.file.sha256)
    except storage.Damaged:
        log.error("Kept file %s is missing or altered.", found.file.name)
        fault = DAMAGED.format(found.file.shown_name)
        return _shown(request, found.reading_id, status=500, file_faults=[("", fault)])
    log.info("Kept file %s read by person %s.", found.file.name, request.user.pk)
    return _guarded(FileResponse(content, **_as_told(found.file)))


def _as_told(file: StoredFile) -> dict[str, Any]:
    return {"as_attachment": True, "filename": file.shown_name, "content_type": Kind(file.kind).mime}


def _guarded(response: FileResponse) -> FileResponse:
    """Whatever the bytes are, no browser runs them, frames them or keeps them."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response

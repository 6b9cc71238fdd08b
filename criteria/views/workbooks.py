"""Workbooks: fetched prefilled, sent filled in, looked at before anything is written, written or given up."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope, Refused
from criteria.actions import imports as actions
from criteria.models import Import
from criteria.queries import imports as queries
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from criteria.workbooks import faults as fault_files
from criteria.workbooks import forms, reading, registers, storing
from files import Refusal
from files.kinds import MEDIA_TYPE, Kind

NO_FILE = "Chọn tệp .xlsx hoặc .csv."
NO_ROUND = "Chọn đợt để nhập vào."


@desk_page
@require_http_methods(["GET", "POST"])
def imports(request: DeskRequest) -> HttpResponse:
    """What can be fetched and sent, and what was sent so far. A post takes one file in."""
    if request.method == "GET":
        return _page(request)
    sent, wanted = request.FILES.get("file"), request.POST.get("round", "")
    if not re.fullmatch(r"\d{1,15}", wanted, re.ASCII):
        return _page(request, Refused(NO_ROUND, field="round"))
    if sent is None:
        return _page(request, Refused(NO_FILE, field="file"))
    made, refused = attempt(
        actions.upload, round_id=int(wanted), name=sent.name or "", chunks=sent.chunks(), by=request.user
    )
    return _page(request, refused) if refused else see_other("criteria:import", made.pk)


def to_register(request: DeskRequest, code: str, template: str, **context: Any) -> HttpResponse:
    """A register's own page: what was sent to it so far; a post takes one file in. From a `desk_page`."""
    registers.of(code).require(request.user)
    refused = None
    if request.method == "POST":
        made, refused = _sent_to(request, code)
        if made:
            return see_other("criteria:import", made.pk)
    context["page"] = queries.mine(request.user, after=request.GET.get("sau", ""), register=code)
    status = refused.status if refused else 200
    return render(request, template, {**context, "fault": refused}, status=status)


def _sent_to(request: DeskRequest, code: str) -> tuple[Import | None, Refused | None]:
    sent = request.FILES.get("file")
    if sent is None:
        return None, Refused(NO_FILE, field="file")
    return attempt(actions.upload_to, register=code, name=sent.name or "", chunks=sent.chunks(), by=request.user)


def _page(request: DeskRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        "offers": queries.offers(request.user),
        "page": queries.mine(request.user, after=request.GET.get("sau", "")),
        "fault": refused,
        "chosen": request.POST.get("round", ""),
    }
    return render(request, "criteria/imports.html", context, status=refused.status if refused else 200)


@desk_page
@require_GET
def one(request: DeskRequest, import_id: int) -> HttpResponse:
    """One table: how far its reading is, what was found, what can be done. A poll gets the part that changes."""
    return _import_page(request, queries.find(request.user, import_id))


def _import_page(request: DeskRequest, found: Import, refused: Refused | None = None) -> HttpResponse:
    register = registers.of(found.register) if found.register else None
    context = {
        "import": found,
        "register": register,
        "noun": register.noun if register else "giá trị",
        "faults": queries.shown_faults(found),
        "more_faults": max(0, len(found.faults) - queries.MOST_SHOWN),
        "fault": refused,
        "progress": queries.progress(found),
        "has_file": storing.path_of(found.stored_as).exists(),
    }
    template = "criteria/_import_state.html" if request.htmx else "criteria/import.html"
    response = render(request, template, context, status=refused.status if refused else 200)
    if request.htmx and not context["progress"]:
        response["HX-Refresh"] = "true"
    return response


@desk_page
@require_POST
def apply(request: DeskRequest, import_id: int) -> HttpResponse:
    """Write the table: all of it, or only what was accepted where that was chosen."""
    only_good = request.POST.get("only_good") == "1"
    _, refused = attempt(actions.apply, import_id=import_id, only_good=only_good, by=request.user)
    if refused:
        return _import_page(request, queries.find(request.user, import_id), refused)
    return see_other("criteria:import", import_id)


@desk_page
@require_POST
def cancel(request: DeskRequest, import_id: int) -> HttpResponse:
    """Give the table up."""
    _, refused = attempt(actions.cancel, import_id=import_id, by=request.user)
    if refused:
        return _import_page(request, queries.find(request.user, import_id), refused)
    messages.success(request, "Đã huỷ. Không có gì thay đổi.")
    return see_other("criteria:import", import_id)


@desk_page
@require_GET
def faults(request: DeskRequest, import_id: int) -> HttpResponse:
    """The sent table again, with its faults in a column."""
    found = queries.find(request.user, import_id)
    try:
        sheets = reading.sheets_of(storing.path_of(found.stored_as), found.kind)
    except Refusal as refusal:
        raise OutOfScope(refusal.message) from refusal
    return _workbook(fault_files.workbook(sheets, found.faults), f"loi-{found.pk}.xlsx")


@desk_page
@require_GET
def download(request: DeskRequest, round_id: int) -> HttpResponse:
    """A prefilled workbook of one unit, one input, or all that the person fills in."""
    area, entry = _code(request, "don-vi"), _code(request, "noi-dung")
    opened, slots = queries.to_fill(request.user, round_id=round_id, area_code=area, input_code=entry)
    name = "-".join(part for part in ("so-lieu", opened.period.code, area, entry) if part)
    return _workbook(forms.workbook(opened, slots), f"{name}.xlsx")


def _code(request: DeskRequest, name: str) -> str:
    """A code of the address; absent where it cannot be one."""
    code = request.GET.get(name, "")
    if not re.fullmatch(r"[\w.]{0,20}", code):
        raise OutOfScope
    return code


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX])
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response

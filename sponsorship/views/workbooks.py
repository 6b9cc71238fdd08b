"""Sheets of contributions: the one to fill in, and the one that comes back."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from files.kinds import MEDIA_TYPE, Kind
from sponsorship.actions import imports as actions
from sponsorship.views.pages import may
from sponsorship.workbooks import writing

MOST_SHOWN = 500


@desk_page
@require_http_methods(["GET", "POST"])
def imports(request: DeskRequest) -> HttpResponseBase:
    """Take one file in: all of it, or every fault at its cell."""
    if not may(request, Permission.KEEP_LEDGER):
        raise OutOfScope
    if request.method == "GET":
        return _page(request, None)
    sent = request.FILES.get("file")
    if sent is None:
        return _page(request, Refused("Chọn tệp .xlsx hoặc .csv.", field="file"))
    written, refused = attempt(actions.take_in, name=sent.name or "", chunks=sent.chunks(), by=request.user)
    if refused:
        return _page(request, refused)
    messages.success(request, f"Đã ghi {written} khoản. Cần một người khác đối chiếu với chứng từ.")
    return see_other("sponsorship:entries")


def _page(request: DeskRequest, refused: Refused | None) -> HttpResponse:
    faults = refused.details.get("faults", []) if refused else []
    context = {"fault": refused, "faults": faults[:MOST_SHOWN], "more": max(0, len(faults) - MOST_SHOWN)}
    return render(request, "sponsorship/imports.html", context, status=refused.status if refused else 200)


@desk_page
@require_GET
def blank(request: DeskRequest) -> HttpResponse:
    """The sheet to fill in."""
    return _file(writing.blank(), "Khoản đóng góp.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX], headers={"Content-Disposition": header})

"""The register as a workbook: what is seen is written out; a filled one is checked, or checked and written."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.workbooks.reading import sheets_of
from criteria.workbooks.storing import MOST_BYTES, TOO_BIG
from files import Refusal
from files.kinds import MEDIA_TYPE, Kind, kind_of
from files.receiving import TOO_BIG as IS_TOO_BIG
from files.receiving import Received, receiving
from ocop.actions import imports
from ocop.queries import listing
from ocop.queries.places import districts_of
from ocop.views.listing import filters_of, rights
from ocop.workbooks import reading, writing

MOST_FAULTS = 200
CUT = "Tệp chưa tới đủ. Gửi lại."
LAST_FIELD, LAST_VALUE = "end", "het"


@never_cache
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The products of the list as it is narrowed, as a workbook; open to everybody."""
    on = timezone.localdate()
    found = listing.narrowed(filters_of(request), on, districts_of())
    rows = found.select_related("producer", "area", "product_set", "standing").order_by("sort_key", "pk")
    content = writing.workbook(rows, f"Sản phẩm OCOP, ngày {on:%d/%m/%Y}")
    response = HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX])
    response["Content-Disposition"] = f'attachment; filename="ocop-{on:%Y-%m-%d}.xlsx"'
    return response


# The body is read only once the person is known to keep products, and is streamed: `_taken` checks the token.
@csrf_exempt
@desk_page
@require_http_methods(["GET", "POST"])
def intake(request: DeskRequest) -> HttpResponseBase:
    """Send a workbook: checked alone, or checked and written."""
    if not has_permission(request.user, Permission.KEEP_OCOP):
        raise OutOfScope
    if request.method == "GET":
        return _page(request)
    with receiving(request, most_bytes=MOST_BYTES):
        try:
            return _taken(request)
        except UnreadablePostError:
            return _page(request, status=400, fault=CUT)


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, "ocop/intake.html", {**rights(request), **shown}, status=status)


@csrf_protect
def _taken(request: DeskRequest) -> HttpResponseBase:
    came = cast(list[Received], request.FILES.getlist("file"))
    if request.POST.get(LAST_FIELD) != LAST_VALUE:
        return _page(request, status=400, fault=CUT)
    if not came:
        return _page(request, status=422, fault="Chọn tệp .xlsx hoặc .csv.")
    read, refused = attempt(_table, received=came[0])
    if refused:
        return _page(request, status=refused.status, fault=refused.message)
    if "write" not in request.POST:
        outcome = imports.check(read, request.user)
        return _page(request, status=422 if outcome.faults else 200, outcome=outcome, **_shown(outcome.faults))
    outcome, refused = attempt(imports.write, read=read, file_name=came[0].name, by=request.user)
    if refused:
        faults = refused.details.get("faults_of", [])
        return _page(request, status=refused.status, fault=refused.message, **_shown(faults))
    messages.success(request, f"Đã ghi {len(outcome.new)} sản phẩm mới, sửa {len(outcome.changed)}.")
    return see_other("ocop:list")


def _shown(faults: list[reading.Fault]) -> dict[str, Any]:
    return {"faults": faults[:MOST_FAULTS], "fault_count": len(faults), "more_faults": len(faults) > MOST_FAULTS}


def _table(*, received: Received) -> reading.Table:
    """The rows of the sent file. Raises Refused."""
    if received.fault:
        message = TOO_BIG if received.fault == IS_TOO_BIG else "Máy chủ hết chỗ lưu tệp. Báo quản trị rồi gửi lại."
        raise Refused(message, field="file", code=received.fault)
    try:
        kind = kind_of(received.path, received.name)
        if kind not in (Kind.XLSX, Kind.CSV):
            raise Refused("Chỉ nhận bảng .xlsx hoặc .csv.", field="file", code="extension")
        return reading.table(sheets_of(received.path, kind))
    except Refusal as refusal:
        raise Refused(refusal.message, field="file", code=refusal.code) from refusal

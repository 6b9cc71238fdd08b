"""Sheets of contributions: the one to fill in, and the one that comes back."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from accounts.desk import DeskRequest, desk_page
from criteria.views.workbooks import to_register
from files.kinds import MEDIA_TYPE, Kind
from sponsorship.actions.imports import REGISTER
from sponsorship.workbooks import writing


@desk_page
@require_http_methods(["GET", "POST"])
def imports(request: DeskRequest) -> HttpResponseBase:
    """What was sent, and one more: read by a job, looked at, then written as a whole."""
    return to_register(request, REGISTER.code, "sponsorship/imports.html")


@desk_page
@require_GET
def blank(request: DeskRequest) -> HttpResponse:
    """The sheet to fill in."""
    return _file(writing.blank(), "Khoản đóng góp.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX], headers={"Content-Disposition": header})

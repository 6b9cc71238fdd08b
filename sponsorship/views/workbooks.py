"""Files: the sheet to fill in, the sheet that comes back, the list as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from accounts.desk import DeskRequest, desk_page
from criteria.views.workbooks import to_register
from files.kinds import MEDIA_TYPE, Kind
from sponsorship.actions.imports import REGISTER
from sponsorship.forms import FilterForm
from sponsorship.queries import ledger
from sponsorship.views.pages import public_page
from sponsorship.workbooks import writing

MOST_EXPORTED = 20_000


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


@public_page
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is looked at, up to a sheet's length, names kept as on the page."""
    form = FilterForm(request.GET)
    chosen = form.chosen if form.is_valid() else ledger.Filter()
    rows = ledger.matching(request.user, chosen).order_by("-day", "-pk")[:MOST_EXPORTED]
    return _file(writing.exported(rows), "Sổ đỡ đầu, tài trợ.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX], headers={"Content-Disposition": header})

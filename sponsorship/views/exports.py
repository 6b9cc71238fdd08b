"""The ledger as a file: a workbook up to its length, or CSV of any length, sent as it is read."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from communes.templatetags.vietnamese import so
from files.kinds import MEDIA_TYPE, Kind
from files.tables import csv_lines
from sponsorship.forms import FilterForm
from sponsorship.queries import ledger
from sponsorship.views.pages import public_page
from sponsorship.workbooks import exporting

MOST_IN_WORKBOOK = 20_000
NAME = "Sổ đỡ đầu, tài trợ"
CUT = "Bảng này chỉ có {} khoản mới nhất; sổ còn nữa. Muốn lấy hết thì xuất CSV ở trang sổ theo dõi."


@public_page
def workbook(request: HttpRequest) -> HttpResponseBase:
    """The list as it is looked at; a longer one is cut, and says so."""
    chosen = _chosen(request)
    if chosen is None:
        return _back(request)
    rows = list(ledger.matching(request.user, chosen).order_by("-day", "-pk")[: MOST_IN_WORKBOOK + 1])
    note = CUT.format(so(MOST_IN_WORKBOOK)) if len(rows) > MOST_IN_WORKBOOK else ""
    content = exporting.workbook(rows[:MOST_IN_WORKBOOK], note)
    return HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX], headers=_named(f"{NAME}.xlsx"))


@public_page
def lines(request: HttpRequest) -> HttpResponseBase:
    """The whole list as it is looked at, however long."""
    chosen = _chosen(request)
    if chosen is None:
        return _back(request)
    rows = map(exporting.cells_of, ledger.every(request.user, chosen))
    return StreamingHttpResponse(
        csv_lines(exporting.HEADING, rows), content_type="text/csv; charset=utf-8", headers=_named(f"{NAME}.csv")
    )


def _chosen(request: HttpRequest) -> ledger.Filter | None:
    form = FilterForm(request.GET)
    return form.chosen if form.is_valid() else None


def _back(request: HttpRequest) -> HttpResponse:
    """To the list, which tells at its field what of the filter cannot be read: never more than was asked for."""
    response = redirect("sponsorship:entries")
    response["Location"] += f"?{request.GET.urlencode()}"
    return response


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}

"""Open data: what anybody may take away, and under which licence."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from communes.etags import PUBLIC
from reports.caching import page_etag
from reports.queries.opendata import catalogue, pieces_of
from reports.queries.standpoint import Standpoint, UnknownPeriod, find
from reports.views.frame import from_standpoint


@from_standpoint
def opendata(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The catalogue."""
    return render(request, "reports/opendata.html", {"catalogue": catalogue(), "standpoint": standpoint})


@require_safe
@condition(etag_func=lambda request, **_: page_etag(request))
def dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """One data set as CSV for a spreadsheet or a program, a line at a time."""
    if name not in catalogue()["datasets"]:
        raise Http404
    try:
        standpoint = find(period_code=request.GET.get("ky", ""), as_of_text=request.GET.get("nhin-tu", ""))
    except UnknownPeriod as absent:
        raise Http404 from absent
    period = f"-{standpoint.period.code}" if standpoint.period else ""
    response = StreamingHttpResponse(pieces_of(name, standpoint), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ntm-{name}{period}.csv"'
    response["Cache-Control"] = PUBLIC
    response["Link"] = f'<{catalogue()["licence"]["address"]}>; rel="license"'
    return response

"""The board of communes × indicators: the page, one cell of it, and what is seen as a file."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from files.kinds import MEDIA_TYPE, Kind
from files.tables import csv_lines
from reports.queries.board import ORDERS, board
from reports.queries.communes import KIND_WORDS, RESULT_WORDS, TIER_WORDS, filters_from
from reports.queries.dashboard import tiers_of
from reports.queries.glance import glance
from reports.queries.standpoint import Standpoint
from reports.queries.tree import UnknownNode
from reports.views.frame import from_standpoint
from reports.workbooks import head_of, lines_of, workbook


@from_standpoint
def the_board(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The grid."""
    page = board(standpoint, filters_from(request.GET), request.GET)
    choices = {"kinds": KIND_WORDS, "tiers": TIER_WORDS, "results": RESULT_WORDS, "orders": ORDERS}
    context = {"page": page, "standpoint": standpoint, "sets": tiers_of("commune"), "wide": True, **choices}
    return render(request, "reports/board.html", context)


@from_standpoint
def cell(request: HttpRequest, standpoint: Standpoint, code: str, indicator: str) -> HttpResponse:
    """What one cell says, for the corner of the board."""
    try:
        found = glance(standpoint, code, indicator, request.user, tier=request.GET.get("bo", ""))
    except UnknownNode as absent:
        raise Http404 from absent
    return render(request, "reports/board/_cell.html", {"found": found, "standpoint": standpoint})


@from_standpoint
def export(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The board as it is narrowed and ordered, as a workbook or as CSV (`dang=csv`)."""
    page = board(standpoint, filters_from(request.GET), request.GET)
    kind = request.GET.get("dang", "xlsx")
    if kind not in ("xlsx", "csv"):
        raise Http404
    content, media = (
        ("".join(csv_lines(head_of(page), lines_of(page))), "text/csv; charset=utf-8")
        if kind == "csv"
        else (workbook(page), MEDIA_TYPE[Kind.XLSX])
    )
    response = HttpResponse(content, content_type=media)
    period = standpoint.period.code if standpoint.period else timezone.localdate().isoformat()
    name = f"bang-xa-{settings.PROVINCE_CODE}-{period}-{page.tier}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

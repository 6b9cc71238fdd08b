"""The plan of a year, and every measure over the years."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reports.queries.standpoint import Standpoint
from reports.queries.targets import targets
from reports.queries.trends import trends
from reports.views.frame import from_standpoint


@from_standpoint
def plan_targets(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Progress, pace and forecast of a year's plan; `nam` chooses the year."""
    asked = request.GET.get("nam", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) == 4):
        raise Http404
    page = targets(standpoint, int(asked) if asked else None)
    return render(request, "reports/targets.html", {"page": page, "standpoint": standpoint})


@from_standpoint
def course(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Measures over the years; `do` chooses the one drawn by district."""
    page = trends(standpoint, measure=request.GET.get("do", ""))
    return render(request, "reports/trends.html", {"page": page, "standpoint": standpoint})

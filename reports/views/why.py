"""The explanation tree: one address for each node, to be shared and printed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reports.queries.standpoint import Standpoint
from reports.queries.tree import UnknownNode, node
from reports.views.frame import from_standpoint


@from_standpoint
def why(
    request: HttpRequest, standpoint: Standpoint, code: str = "", criterion: str = "", indicator: str = ""
) -> HttpResponse:
    """A unit, a criterion or an indicator with why it stands so; without a unit, the province."""
    tier = request.GET.get("bac", "")
    try:
        found = node(
            standpoint,
            code or settings.PROVINCE_CODE,
            request.user,
            tier=tier,
            criterion=criterion,
            indicator=indicator,
        )
    except UnknownNode as absent:
        raise Http404 from absent
    return render(request, "reports/why.html", {"node": found, "unit": found, "standpoint": standpoint})

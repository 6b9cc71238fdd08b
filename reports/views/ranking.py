"""Who is nearest to attain, what holds most back, and who fails what they hold."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.queries.alarms import alarms
from reports.queries.dashboard import tiers_of
from reports.queries.nearest import nearest
from reports.queries.standpoint import Standpoint
from reports.queries.stuck import stuck
from reports.queries.units import territory_on
from reports.views.frame import from_standpoint


@from_standpoint
def nearest_units(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Communes by what they still lack, with the cheapest next step and the money pledged."""
    page = nearest(standpoint, tier=request.GET.get("bo", ""), district=request.GET.get("huyen", ""))
    on = standpoint.territory_on
    districts = territory_on(standpoint.province, on)[on].district_areas
    context = {"page": page, "standpoint": standpoint, "sets": tiers_of("commune"), "districts": districts}
    return render(request, "reports/nearest.html", context)


@from_standpoint
def bottlenecks(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Indicators by how many communes fail them."""
    page = stuck(standpoint, tier=request.GET.get("bo", ""))
    context = {"page": page, "standpoint": standpoint, "sets": tiers_of("commune")}
    return render(request, "reports/bottlenecks.html", context)


@from_standpoint
def regressions(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Recognised units that now fail, those to consider revoking first."""
    return render(request, "reports/alarms.html", {"page": alarms(standpoint), "standpoint": standpoint})

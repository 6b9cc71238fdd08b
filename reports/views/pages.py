"""The home, units, and the lists that the numbers open."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communes.models import Level
from reports.queries.commune import unit_page
from reports.queries.communes import KIND_WORDS, RESULT_WORDS, TIER_WORDS, commune_list, filters_from
from reports.queries.district import district_page
from reports.queries.dwelling import dwelling_rows
from reports.queries.home import home
from reports.queries.measures import MEASURES, map_page
from reports.queries.search import search
from reports.queries.standpoint import Standpoint
from reports.views.frame import from_standpoint


@from_standpoint
def province_home(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The province's state."""
    return render(request, "reports/home.html", {"page": home(standpoint, request.user), "standpoint": standpoint})


@from_standpoint
def district(request: HttpRequest, standpoint: Standpoint, code: str) -> HttpResponse:
    """A district and its communes."""
    page = district_page(standpoint, code, request.user, tier=request.GET.get("bac", ""))
    return render(request, "reports/district.html", {"page": page, "unit": page.unit, "standpoint": standpoint})


@from_standpoint
def commune(request: HttpRequest, standpoint: Standpoint, code: str) -> HttpResponse:
    """A commune-level unit with its criteria and why."""
    page = unit_page(standpoint, code, request.user, tier=request.GET.get("bac", ""), level=Level.COMMUNE)
    return render(request, "reports/commune.html", {"unit": page, "standpoint": standpoint})


@from_standpoint
def communes(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The list that every number opens."""
    page = commune_list(standpoint, filters_from(request.GET))
    choices = {"kinds": KIND_WORDS, "tiers": TIER_WORDS, "results": RESULT_WORDS}
    return render(request, "reports/communes.html", {"page": page, "standpoint": standpoint, **choices})


@from_standpoint
def dwelling(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """Model residential areas and gardens by unit; whose they are stands in the books alone."""
    rows = dwelling_rows(standpoint)
    sums = {"areas": sum(row.areas for row in rows), "gardens": sum(row.gardens for row in rows)}
    return render(request, "reports/dwelling.html", {"rows": rows, "sums": sums, "standpoint": standpoint})


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Units, indicators, products, sponsors and decisions by a few words."""
    return render(request, "reports/search.html", {"found": search(request.user, request.GET.get("q", ""))})


@from_standpoint
def hall(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The home's figures for a conference hall, a page a message; its script asks this address again and again."""
    return render(request, "reports/hall.html", {"page": home(standpoint, AnonymousUser()), "standpoint": standpoint})


@from_standpoint
def the_map(request: HttpRequest, standpoint: Standpoint) -> HttpResponse:
    """The map of one measure, with the same as a table beside it."""
    context = {"page": map_page(standpoint, request.GET), "measures": MEASURES, "standpoint": standpoint}
    return render(request, "reports/map.html", context)

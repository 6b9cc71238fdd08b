"""Reading pages: open to everybody for what is public. Each asks one query and renders it."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communes.models import Level
from reports.caching import kept_for_visitors
from reports.queries.commune import UnknownUnit, unit_page
from reports.queries.communes import KIND_WORDS, RESULT_WORDS, TIER_WORDS, commune_list, filters_from
from reports.queries.district import district_page
from reports.queries.home import home
from reports.queries.search import search
from reports.queries.standpoint import Standpoint, UnknownPeriod
from reports.queries.standpoint import find as stand

View = Callable[..., HttpResponse]


def from_standpoint(view: View) -> View:
    """A reading page: GET only, on the period and date of the address; an unknown period or unit is 404."""

    @require_safe
    @kept_for_visitors
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            standpoint = stand(period_code=request.GET.get("ky", ""), as_of_text=request.GET.get("nhin-tu", ""))
            return view(request, standpoint, *args, **kwargs)
        except (UnknownPeriod, UnknownUnit) as absent:
            raise Http404 from absent

    return answer


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


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Units, indicators, products, sponsors and decisions by a few words."""
    return render(request, "reports/search.html", {"found": search(request.user, request.GET.get("q", ""))})

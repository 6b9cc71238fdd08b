"""The public list of products, and the summaries of the province and of a district."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from ocop.models import Producer, Product
from ocop.queries import listing, summaries
from ocop.queries.listing import FACETS, VALIDITY, Filters, Listing
from ocop.rules.rulesets import markets

_LONGEST = 120
BY_SCORE = "diem"


def filters_of(request: HttpRequest) -> Filters:
    """The filters of the address; what has no meaning is left out."""
    asked = {name: request.GET.get(parameter, "")[:_LONGEST] for name, (parameter, _) in FACETS.items()}
    allowed = {
        "stars": {"1", "2", "3", "4", "5"},
        "validity": set(VALIDITY),
        "group": set(Product.Group.values),
        "kind": set(Producer.Kind.values),
        "market": set(markets()),
    }
    for name, values in allowed.items():
        if asked[name] not in values:
            asked[name] = ""
    if not (asked["year"].isascii() and asked["year"].isdecimal() and len(asked["year"]) == 4):
        asked["year"] = ""
    order = BY_SCORE if request.GET.get("xep") == BY_SCORE else ""
    return Filters(text=" ".join(request.GET.get("tim", "")[:_LONGEST].split()), order=order, **asked)


def query_of(filters: Filters) -> str:
    """The address of the list narrowed so, from its beginning."""
    said = {FACETS[name][0]: getattr(filters, name) for name in FACETS if getattr(filters, name)}
    said |= {"tim": filters.text} if filters.text else {}
    said |= {"xep": filters.order} if filters.order else {}
    return f"{reverse('ocop:list')}?{urlencode(said)}" if said else reverse("ocop:list")


def after_of(request: HttpRequest) -> int | None:
    """The id of the row that the page starts behind."""
    text = request.GET.get("sau", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@never_cache
@require_GET
def products(request: HttpRequest) -> HttpResponse:
    """Products of the register in Vietnamese order, narrowed by links; open to everybody."""
    filters = filters_of(request)
    page = listing.page(filters, after=after_of(request))
    context = {
        "page": page,
        "key": listing.key_figures(page.on),
        "facets": _linked(page),
        "chosen": _chosen(page),
        "hidden": [(FACETS[name][0], getattr(filters, name)) for name in FACETS if getattr(filters, name)],
        "by_name": query_of(replace(filters, order="")),
        "by_score": query_of(replace(filters, order=BY_SCORE)),
        "export": query_of(page.filters).replace(reverse("ocop:list"), reverse("ocop:export"), 1),
        **rights(request),
    }
    return render(request, "ocop/list.html", context)


def rights(request: HttpRequest) -> dict[str, bool]:
    """What of OCOP's pages the person is shown."""
    return {
        "may_keep": has_permission(request.user, Permission.KEEP_OCOP),
        "may_rate": has_permission(request.user, Permission.RATE_OCOP),
    }


def _linked(page: Listing) -> list[dict[str, Any]]:
    """Facets whose choices are links: taking one narrows, taking it again lets go."""
    names = {parameter: name for name, (parameter, _) in FACETS.items()}
    return [
        {
            "title": facet.title,
            "choices": [
                (each, query_of(replace(page.filters, **{names[facet.name]: "" if each.is_on else each.value})))
                for each in facet.choices
            ],
            "is_on": any(each.is_on for each in facet.choices),
        }
        for facet in page.facets
        if facet.choices
    ]


def _chosen(page: Listing) -> list[tuple[str, str]]:
    """What the list is narrowed to, each with the address without it."""
    names = {parameter: name for name, (parameter, _) in FACETS.items()}
    found = [
        (each.label, query_of(replace(page.filters, **{names[facet.name]: ""})))
        for facet in page.facets
        for each in facet.choices
        if each.is_on
    ]
    return (
        [(f"“{page.filters.text}”", query_of(replace(page.filters, text=""))), *found] if page.filters.text else found
    )


@never_cache
@require_GET
def summary(request: HttpRequest, district: str = "") -> HttpResponse:
    """The province by district, or a district by commune; open to everybody."""
    try:
        found = summaries.summary(district)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    context = {"page": found, "proposed": summaries.proposed_upgrades(), **rights(request)}
    return render(request, "ocop/summary.html", context)

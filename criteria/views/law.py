"""The law as pages: criteria sets open to everybody, thresholds of the province for its office."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.queries import rulebook
from criteria.views.refusals import desk_page


@require_GET
def sets(request: HttpRequest) -> HttpResponse:
    """Every set, how complete it is and how far it was checked."""
    listed = [(found, rulebook.completeness(found)) for found in rulebook.sets()]
    return render(request, "criteria/sets.html", {"sets": listed})


@require_GET
def criteria_set(request: HttpRequest, slug: str) -> HttpResponse:
    """One set with the thresholds that bind this province in a year."""
    wanted = request.GET.get("nam", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else None
    try:
        page = rulebook.set_page(slug, year)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    context = {
        "page": page,
        "completeness": rulebook.completeness(page.criteria_set),
        "may_set": has_permission(request.user, Permission.SET_THRESHOLDS),
    }
    return render(request, "criteria/set.html", context)


@desk_page
@require_GET
def thresholds(request: HttpRequest) -> HttpResponse:
    """Inputs without a threshold, and what the province set itself."""
    _require_setter(request)
    context = {"missing": rulebook.missing_thresholds(), "overrides": rulebook.overrides()}
    return render(request, "criteria/thresholds.html", context)


def _require_setter(request: HttpRequest) -> None:
    if not has_permission(request.user, Permission.SET_THRESHOLDS):
        raise OutOfScope

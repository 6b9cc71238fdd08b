"""The plan of a year: its measures, set and replaced by the province office."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from communes.models import Area
from criteria.actions.targets import set_target
from criteria.models import Target
from criteria.paper_forms import TargetForm, YearForm
from criteria.queries import deciding, plans, rulebook
from criteria.rules import numbers
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _province(request: DeskRequest) -> Area:
    """The province whose plan the person keeps."""
    area = rulebook.province()
    if area is None or not has_permission(request.user, Permission.SET_TARGETS):
        raise OutOfScope
    return area


@desk_page
@require_GET
def plan_years(request: DeskRequest) -> HttpResponseBase:
    """The years with a plan, and a field to open another."""
    area = _province(request)
    form = YearForm(request.GET) if "year" in request.GET else YearForm()
    if form.is_bound and form.is_valid():
        return see_other("criteria:plan", form.cleaned_data["year"])
    context = {"years": plans.plan_years(area), "form": form}
    return render(request, "criteria/plan_years.html", context, status=422 if form.is_bound else 200)


@desk_page
@require_GET
def plan(request: DeskRequest, year: int) -> HttpResponse:
    """The measures of one year with what they were before."""
    return render(request, "criteria/plan.html", {"year": year, "measures": plans.plan_of(_province(request), year)})


@desk_page
@require_http_methods(["GET", "POST"])
def target(request: DeskRequest, year: int, measure: str = "") -> HttpResponseBase:
    """A form for one measure of the plan: a new one without `measure`, taken from another year where one had it."""
    area = _province(request)
    stored = Target.objects.filter(area=area, year=year, measure=measure).first() if measure else None
    known = plans.known_measures(area)
    if measure and stored is None and measure not in {row["measure"] for row in known}:
        raise OutOfScope
    if request.method == "GET":
        return _form(request, year, TargetForm(initial=_initial(stored, measure, known)), known, stored)
    form = TargetForm(request.POST)
    if not form.is_valid() or not (said := _read(form)):
        return _form(request, year, form, known, stored, status=422)
    saved, refused = attempt(set_target, area=area, year=year, by=request.user, **said)
    if refused:
        form.refuse(refused.message, "value_text" if refused.field == "value" else refused.field)
        theirs = refused.details.get("theirs")
        now = refused.details.get("version", form.cleaned_data["version"])
        return _form(request, year, form, known, stored, status=refused.status, theirs=theirs, version=now)
    messages.success(request, f"Đã ghi mục tiêu: {saved.name}.")
    return see_other("criteria:plan", year)


def _form(
    request: DeskRequest,
    year: int,
    form: TargetForm,
    known: list[dict[str, Any]],
    stored: Target | None,
    *,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    context = {"year": year, "form": form, "known": known, "stored": stored, **shown}
    return render(request, "criteria/target.html", context, status=status)


def _initial(stored: Target | None, measure: str, known: list[dict[str, Any]]) -> dict[str, Any]:
    if stored is None:
        said = next((row for row in known if row["measure"] == measure), {})
        return {**said, "version": 0}
    return {
        "name": stored.name,
        "value_text": numbers.typed(stored.value),
        "unit": stored.unit,
        "is_minimum": stored.is_minimum,
        "units": "\n".join(area.name for area in stored.areas.all()),
        "source": stored.source,
        "decided_on": f"{stored.decided_on:%d/%m/%Y}" if stored.decided_on else "",
        "version": stored.version,
        "measure": stored.measure,
    }


def _read(form: TargetForm) -> dict[str, Any] | None:
    """What the action is told; None with the faults put at their fields."""
    said = dict(form.cleaned_data)
    try:
        parsed = numbers.parse(said.pop("value_text"), "percent" if said["unit"].strip() == "%" else "number")
    except numbers.Unreadable as unreadable:
        form.refuse(unreadable.message, "value_text")
        return None
    if parsed.value is None:
        form.refuse("Ghi mức bằng số.", "value_text")
    found = deciding.pasted(said.pop("units"), on=said["decided_on"])
    for miss in found.misses:
        form.refuse(miss.message, "units")
    return None if form.errors else {**said, "value": parsed.value, "named": found.areas}

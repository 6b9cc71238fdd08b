"""The law as pages: criteria sets open to everybody, thresholds of the province for its office."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import thresholds as thresholds_actions
from criteria.forms import ConfirmThresholdForm, ThresholdForm
from criteria.models import Input, Threshold
from criteria.queries import rulebook
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


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
def thresholds(request: DeskRequest) -> HttpResponse:
    """Inputs without a threshold, and what the province set itself."""
    _require_setter(request)
    return _thresholds(request)


def _thresholds(request: DeskRequest, *, status: int = 200, **shown: object) -> HttpResponse:
    context = {"missing": rulebook.missing_thresholds(), "overrides": rulebook.overrides(), **shown}
    return render(request, "criteria/thresholds.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def threshold_new(request: DeskRequest, input_id: int) -> HttpResponse:
    """A form for one input's level in this province; open rounds are measured again."""
    _require_setter(request)
    entry = get_object_or_404(Input.objects.select_related("indicator__criterion__criteria_set"), pk=input_id)
    form = ThresholdForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        entered, refused = attempt(
            thresholds_actions.enter_threshold,
            input=entry,
            province=rulebook.province(),
            by=request.user,
            **form.cleaned_data,
        )
        if not refused:
            messages.success(request, f"Đã nhập ngưỡng của {entered.input.code}. Các kỳ đang mở được tính lại.")
            return see_other("criteria:thresholds")
        form.add_error(_FIELDS.get(refused.field), refused.message)
        status = refused.status
    return render(request, "criteria/threshold_new.html", {"entry": entry, "form": form}, status=status)


# The action's fields as the form names them; any other refusal stands above the form.
_FIELDS = {
    "value": "value_text",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "legal_reference": "legal_reference",
}


@desk_page
@require_POST
def threshold_confirm(request: DeskRequest, threshold_id: int) -> HttpResponse:
    """Another person states that a level was compared with its text."""
    _require_setter(request)
    stored, form = get_object_or_404(Threshold, pk=threshold_id), ConfirmThresholdForm(request.POST)
    if not form.is_valid():
        fault = "Ghi căn cứ: số, ngày của văn bản quy định ngưỡng."
        return _thresholds(request, status=422, fault_at=stored.pk, fault=fault)
    _, refused = attempt(thresholds_actions.confirm_threshold, threshold=stored, by=request.user, **form.cleaned_data)
    if refused:
        return _thresholds(request, status=refused.status, fault_at=stored.pk, fault=refused.message)
    messages.success(request, "Đã đối chiếu ngưỡng với văn bản.")
    return see_other("criteria:thresholds")


def _require_setter(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.SET_THRESHOLDS):
        raise OutOfScope

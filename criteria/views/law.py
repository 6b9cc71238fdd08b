"""The law as pages: criteria sets open to everybody, thresholds of the province for its office."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions import law_changes
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
    context = {
        "missing": rulebook.missing_thresholds(),
        "overrides": rulebook.overrides(),
        "under_way": law_changes.under_way(),
        **shown,
    }
    return render(request, "criteria/thresholds.html", context, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def threshold_new(request: DeskRequest, input_id: int) -> HttpResponse:
    """A form for one input's level in this province: sent once it shows what would change, sent again it enters."""
    _require_setter(request)
    entry = get_object_or_404(Input.objects.select_related("indicator__criterion__criteria_set"), pk=input_id)
    form, context = ThresholdForm(request.POST or None), {}
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        said = {"input": entry, "province": rulebook.province(), "by": request.user, **form.cleaned_data}
        shown = _fingerprint(form.cleaned_data)
        is_seen = request.POST.get("shown") == shown
        action = thresholds_actions.enter_threshold if is_seen else thresholds_actions.preview_threshold
        result, refused = attempt(action, **said)
        if refused:
            form.add_error(_FIELDS.get(refused.field), refused.message)
            status = refused.status
        elif is_seen:
            messages.success(request, _entered(entry))
            return see_other("criteria:thresholds")
        else:
            context, status = {"diff": result, "shown": shown}, 200
    return render(request, "criteria/threshold_new.html", {"entry": entry, "form": form, **context}, status=status)


def _fingerprint(said: dict[str, Any]) -> str:
    """Stands for what a preview was shown of; a changed field is previewed anew. Not a secret: it guards nobody."""
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:16]


def _entered(entry: Input) -> str:
    if law_changes.under_way().exists():
        return f"Đã nhập ngưỡng của {entry.code}. Các giá trị của kỳ đang mở đang được tính lại, xem tiến độ dưới đây."
    return f"Đã nhập ngưỡng của {entry.code}. Các kỳ đang mở đã được tính lại."


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

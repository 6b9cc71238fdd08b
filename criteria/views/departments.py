"""Which department answers for which criterion: read and assigned by the province office."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.actions.departments import assign_department
from criteria.forms import AssignDepartmentForm
from criteria.models import Criterion
from criteria.queries import departments as queries
from criteria.queries import rounds
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other


def _require_office(request: DeskRequest) -> None:
    if not has_permission(request.user, Permission.ASSIGN_DEPARTMENTS):
        raise OutOfScope


@desk_page
@require_GET
def departments(request: DeskRequest) -> HttpResponse:
    """Criteria of the sets with an open round, each with its department; departments that answer for none."""
    _require_office(request)
    today = timezone.localdate()
    found = queries.charges(today)
    context = {"sets": found, "idle": queries.without_criteria(found, today), "today": today}
    return render(request, "criteria/departments.html", context)


@desk_page
@require_http_methods(["GET", "POST"])
def assign(request: DeskRequest, criterion_id: int) -> HttpResponse:
    """A form that gives one criterion to a department from a day on."""
    _require_office(request)
    criterion = get_object_or_404(Criterion.objects.select_related("criteria_set"), pk=criterion_id)
    form = AssignDepartmentForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        lead, refused = attempt(assign_department, criterion=criterion, by=request.user, **form.cleaned_data)
        if not refused:
            messages.success(request, f"Đã giao tiêu chí {criterion.code} cho {lead.department}.")
            return see_other("criteria:departments", anchor=f"tc-{criterion.pk}")
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        status = refused.status
    context = {
        "criterion": criterion,
        "form": form,
        "history": queries.history(Q(criterion=criterion)),
        "periods": rounds.open_periods(criterion.criteria_set),
    }
    return render(request, "criteria/department_assign.html", context, status=status)

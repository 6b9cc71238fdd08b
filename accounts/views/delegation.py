"""Staff that change: a place handed over from a day on, and a place lent for a while by its holder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, queries
from accounts.errors import Refused
from accounts.forms import DelegationForm, HandOverForm
from accounts.models import Appointment
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.signin import SignedInRequest
from accounts.views.people import administrators_only

_WITH = ("user", "area", "department", "on_behalf_of__user")


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """One appointment to another person, from a day on."""
    held = get_object_or_404(Appointment.objects.select_related(*_WITH), pk=appointment_pk, user=pk)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.recipient:
        try:
            actions.hand_over(appointment=held, to=form.recipient, on=form.cleaned_data["on"], by=request.user)
        except Refused as fault:
            form.refuse(fault)
        else:
            messages.success(request, f"Đã bàn giao cho {form.recipient}. Giá trị bị trả lại chuyển theo vai trò.")
            return redirect("accounts:person", pk=pk)
    context = {"form": form, "held": held, "subject": held.user}
    return render(request, "accounts/hand_over.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_GET
def delegations(request: SignedInRequest) -> HttpResponse:
    """The person's own places, whom they are lent to, and what the person does for others."""
    mine = queries.appointments_with_state(request.user)
    context = {
        "own": [held for held, state in mine if state != "ended" and held.on_behalf_of is None],
        "taken": [(held, state) for held, state in mine if held.on_behalf_of is not None],
        "given": queries.delegations_of(request.user),
    }
    return render(request, "accounts/delegations.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: SignedInRequest, appointment_pk: int) -> HttpResponse:
    """Lend one appointment for a while: the holder's own, or anybody's for an administrator."""
    held = _lendable(request, appointment_pk)
    form = DelegationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.recipient:
        span = {name: form.cleaned_data[name] for name in ("valid_from", "valid_to")}
        try:
            actions.delegate(appointment=held, to=form.recipient, **span, by=request.user)
        except Refused as fault:
            form.refuse(fault)
        else:
            messages.success(request, f"Đã uỷ quyền cho {form.recipient}.")
            return _back(request, held)
    context = {"form": form, "held": held, "subject": held.user, "is_self": held.user_id == request.user.pk}
    return render(request, "accounts/delegate.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def recall(request: SignedInRequest, appointment_pk: int) -> HttpResponse:
    """End a delegation at once."""
    held = get_object_or_404(Appointment.objects.select_related(*_WITH), pk=appointment_pk)
    giver = held.on_behalf_of.user_id if held.on_behalf_of else None
    if request.user.pk not in (held.user_id, giver) and not has_permission(request.user, Permission.MANAGE_PEOPLE):
        raise Http404
    try:
        actions.recall(delegation=held, by=request.user)
        messages.success(request, "Đã kết thúc uỷ quyền.")
    except Refused as fault:
        messages.error(request, fault.message)
    return _back(request, held)


def _lendable(request: SignedInRequest, pk: int) -> Appointment:
    """The appointment, if it is the person's own or the person manages people; absent otherwise."""
    held = get_object_or_404(Appointment.objects.select_related(*_WITH), pk=pk)
    if held.user_id != request.user.pk and not has_permission(request.user, Permission.MANAGE_PEOPLE):
        raise Http404
    return held


def _back(request: SignedInRequest, held: Appointment) -> HttpResponse:
    is_own = request.user.pk in (held.user_id, held.on_behalf_of.user_id if held.on_behalf_of else None)
    return redirect("accounts:delegations") if is_own else redirect("accounts:person", pk=held.user_id)

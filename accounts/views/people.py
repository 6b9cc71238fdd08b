"""People and their appointments: for administrators; anybody else finds nothing here."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, queries
from accounts.errors import Refused
from accounts.forms import AppointmentForm, EndForm, PersonForm
from accounts.models import Appointment, User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.signin import SignedInRequest
from accounts.tokens import tokens_of

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Signed-out people are asked to sign in; whoever does not manage people gets 404. Nothing is cached."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not has_permission(request.user, Permission.MANAGE_PEOPLE):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@administrators_only
def people(request: SignedInRequest) -> HttpResponse:
    """The list, by username; `q` searches, `sau` is the key of the page before."""
    search = request.GET.get("q", "").strip()[:100]
    page = queries.people_page(search=search, after=request.GET.get("sau", ""))
    return render(request, "accounts/people.html", {"page": page, "search": search})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: SignedInRequest) -> HttpResponse:
    """A new account; its one-time password is in the answer and nowhere else."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = actions.create_person(**form.cleaned_data, by=request.user)
        except Refused as fault:
            form.refuse(fault)
        else:
            return _hand_over(request, person, password)
    return render(request, "accounts/person_new.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: appointments, what may be done, history."""
    found = get_object_or_404(User, pk=pk)
    context = {
        "subject": found,
        "is_self": found.pk == request.user.pk,
        "appointments": queries.appointments_with_state(found),
        "history": queries.history(found),
        "tokens": tokens_of(found),
    }
    return render(request, "accounts/person.html", context)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def person_appoint(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the person a role; several matching units come back as a choice."""
    found = get_object_or_404(User, pk=pk)
    form = AppointmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("role", "area", "department", "valid_from", "valid_to")}
        try:
            actions.appoint(user=found, **given, by=request.user)
        except Refused as fault:
            form.refuse(fault)
        else:
            messages.success(request, "Đã phân công. Có hiệu lực từ lần mở trang tiếp theo của người này.")
            return redirect("accounts:person", pk=found.pk)
    context = {"form": form, "subject": found}
    return render(request, "accounts/person_appoint.html", context, status=422 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_end(request: SignedInRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """Let one appointment end with a day."""
    held = get_object_or_404(
        Appointment.objects.select_related("user", "area", "department"), pk=appointment_pk, user=pk
    )
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_appointment(appointment=held, on=form.cleaned_data["on"], by=request.user)
        except Refused as fault:
            form.refuse(fault)
        else:
            messages.success(request, "Đã ghi ngày kết thúc phân công.")
            return redirect("accounts:person", pk=pk)
    context = {"form": form, "held": held, "subject": held.user}
    return render(request, "accounts/appointment_end.html", context, status=422 if form.errors else 200)


@administrators_only
@require_POST
def person_suspend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop the account."""
    return _switch(request, pk, actions.suspend, "Đã tạm dừng tài khoản; mọi phiên của người này đã kết thúc.")


@administrators_only
@require_POST
def person_reinstate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the account again."""
    return _switch(request, pk, actions.reinstate, "Đã mở lại tài khoản.")


@administrators_only
@require_POST
def person_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    """A one-time password, in this answer and nowhere else."""
    found = get_object_or_404(User, pk=pk)
    try:
        return _hand_over(request, found, actions.reset_password(user=found, by=request.user))
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("accounts:person", pk=pk)


def _switch(request: SignedInRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    try:
        action(user=found, by=request.user)
        messages.success(request, done)
    except Refused as fault:
        messages.error(request, fault.message)
    return redirect("accounts:person", pk=pk)


def _hand_over(request: SignedInRequest, subject: User, password: str) -> HttpResponse:
    return render(request, "accounts/one_time_password.html", {"subject": subject, "password": password})

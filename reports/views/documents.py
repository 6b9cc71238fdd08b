"""Official documents: what can be asked for, one being made, its files, and the page where anybody verifies one."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from communes.paging import row_id
from criteria.models import Period
from files.serving import Damaged
from files.serving import download as handed_over
from reports.actions import documents as actions
from reports.documents.paper import kinds
from reports.forms import DocumentForm
from reports.models import Document
from reports.queries import documents as queries


@desk_page
@require_http_methods(["GET", "POST"])
def documents(request: DeskRequest) -> HttpResponseBase:
    """What was made so far and what can be asked for; a post asks for one."""
    if not has_permission(request.user, Permission.MAKE_DOCUMENTS):
        raise OutOfScope
    periods = queries.periods()
    period = _chosen(periods, request.POST.get("ky") or request.GET.get("ky", ""))
    if request.method == "POST" and period:
        form = DocumentForm(request.POST)
        if form.is_valid():
            made, refused = _ask(request, period, form)
            if refused is None:
                return see_other("reports:document", made.pk)
            form.refuse(refused.message, refused.field)
    else:
        form = DocumentForm(initial=_usual(request, period))
    context = {
        "form": form,
        "periods": periods,
        "period": period,
        "offers": queries.offers(request.user, period) if period else [],
        "asked": request.POST.get("van-ban", ""),
        "page": queries.listed(request.user, row_id(request.GET.get("sau", ""))),
        "kinds": kinds(),
        "may_open_half": has_permission(request.user, Permission.MANAGE_ROUNDS)
        and not any(each.kind == Period.Kind.HALF for each in periods),
    }
    return render(request, "reports/documents.html", context, status=422 if form.errors else 200)


def _chosen(periods: list[Period], code: str) -> Period | None:
    return next((each for each in periods if each.code == code), periods[0] if periods else None)


def _ask(request: DeskRequest, period: Period, form: DocumentForm) -> tuple[Document, Refused | None]:
    """`van-ban` names the kind and the unit: annual:42."""
    kind, _, code = request.POST.get("van-ban", "").partition(":")
    if not kind:
        return Document(), Refused("Chọn văn bản cần lập.", field="van-ban", code="required")
    return attempt(actions.ask, kind=kind, period=period, area_code=code, head=form.head(), by=request.user)


def _usual(request: DeskRequest, period: Period | None) -> dict[str, str]:
    """The head as it stood in the person's last document, else that of the unit's office."""
    if last := queries.last_head(request.user):
        return {**last, "number": "", "recipients": "\n".join(last["recipients"])}
    return queries.usual_head(request.user, period)


@desk_page
@require_GET
def document(request: DeskRequest, pk: int) -> HttpResponse:
    """One document: how far its making is, its files. A poll gets the part that changes."""
    found = queries.find(request.user, pk)
    context = {"document": found, "spec": kinds()[found.kind], "progress": queries.progress(found)}
    template = "reports/_document_state.html" if request.htmx else "reports/document.html"
    response = render(request, template, context)
    if request.htmx and not context["progress"]:
        response["HX-Refresh"] = "true"
    return response


@desk_page
@require_POST
def cancel(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop the making."""
    actions.cancel(document=queries.find(request.user, pk), by=request.user)
    messages.success(request, "Đã dừng. Có thể yêu cầu lập lại.")
    return see_other("reports:document", pk)


@desk_page
@require_GET
def download(request: DeskRequest, pk: int, kind: str) -> HttpResponseBase:
    """One of its files."""
    return _file(queries.find(request.user, pk), kind)


def _file(found: Document, kind: str) -> HttpResponseBase:
    stored = getattr(found, kind, None) if kind in actions.WRITERS else None
    if stored is None:
        raise Http404
    name = f"{found.kind.replace('_', '-')}-{found.area.code}-{found.period.code}.{kind}"
    try:
        return handed_over(key=stored.key, sha256=stored.sha256, kind=kind, name=name)
    except Damaged as damaged:
        raise Http404 from damaged


@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """Anybody: whether a document with this code was made here, and what it says."""
    typed = request.GET.get("ma", "")[:40]
    if typed and not code:
        plain = re.sub(r"[^0-9A-Za-z]", "", typed).upper()
        if plain:
            return redirect("reports:verify", plain)
    found = queries.verify(code) if code else None
    context = {"code": code[:40], "found": found, "spec": kinds()[found.document.kind] if found else None}
    return render(request, "reports/verify.html", context, status=404 if code and found is None else 200)

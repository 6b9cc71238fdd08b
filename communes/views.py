"""The book of communes: counts for everybody, the rows for the officers in whose scope the commune stands."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.text import fingerprint
from communes import actions, book, rows
from communes.forms import DayForm, EndForm, PasteForm, RowForm


@never_cache
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Counts by commune and district on a day; open to everybody, names of households never among them."""
    form = DayForm(request.GET) if "ngay" in request.GET else DayForm()
    is_read = form.is_bound and form.is_valid()
    on = form.cleaned_data["ngay"] if is_read else book.day_for(request.user)
    context = {"page": book.overview(request.user, on), "form": form, "kinds": book.KINDS.values()}
    return render(request, "communes/register.html", context, status=422 if form.is_bound and not is_read else 200)


@desk_page
@require_GET
def book_of(request: DeskRequest, area_id: int, kind: str = "thon") -> HttpResponse:
    """The rows of one kind in a commune, and the ways to add some."""
    return _book(request, area_id, kind)


def _book(request: DeskRequest, area_id: int, slug: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    after = request.GET.get("sau", "")
    page = book.page(request.user, area_id, slug, int(after) if after.isdecimal() and len(after) < 19 else None)
    may_keep = book.reached(request.user, Permission.KEEP_BOOK, page.commune)
    tabs = [(each, page.counts.get(each.slug, 0)) for each in book.KINDS.values()]
    context = {"page": page, "tabs": tabs, "may_keep": may_keep, "form": RowForm(kind=page.kind), "paste": PasteForm()}
    return render(request, "communes/book.html", {**context, **shown}, status=status)


def _kept(request: DeskRequest, area_id: int, slug: str) -> tuple[Any, book.Kind]:
    """The commune whose book the person keeps."""
    commune, kind = book.readable(request.user, area_id), book.kind_of(slug)
    if not book.reached(request.user, Permission.KEEP_BOOK, commune):
        raise OutOfScope
    return commune, kind


@desk_page
@require_POST
def row_new(request: DeskRequest, area_id: int, kind: str) -> HttpResponseBase:
    """Add one row."""
    commune, of = _kept(request, area_id, kind)
    form = RowForm(request.POST, kind=of)
    if not form.is_valid():
        return _book(request, area_id, kind, status=422, form=form)
    _, refused = attempt(actions.add_rows, kind=of, commune=commune, rows=[form.said], by=request.user)
    if refused:
        _put(form, refused)
        return _book(request, area_id, kind, status=refused.status, form=form)
    messages.success(request, f"Đã ghi {of.one}: {form.said['name']}.")
    return see_other("communes:book", area_id, kind)


@desk_page
@require_POST
def rows_paste(request: DeskRequest, area_id: int, kind: str) -> HttpResponseBase:
    """A pasted table: sent once it shows its rows or every fault, sent again it writes all of them."""
    commune, of = _kept(request, area_id, kind)
    form = PasteForm(request.POST)
    if not form.is_valid():
        return _book(request, area_id, kind, status=422, paste=form)
    read = rows.read_table(form.cleaned_data["table"], of.columns)
    said = {"kind": of, "commune": commune, "rows": read.rows, "by": request.user}
    faults = [*read.faults, *actions.check_rows(**said)]
    if faults:
        return _book(request, area_id, kind, status=422, paste=form, faults=_in_order(faults))
    shown = fingerprint(area_id, kind, read.rows)
    if request.POST.get("shown") != shown:
        return _book(request, area_id, kind, paste=form, shown=shown, preview=_preview(of, read.rows))
    added, refused = attempt(actions.add_rows, **said)
    if refused:
        faults = refused.details.get("faults", [refused.message])
        return _book(request, area_id, kind, status=refused.status, paste=form, faults=faults)
    messages.success(request, f"Đã ghi {len(added)} dòng vào sổ.")
    return see_other("communes:book", area_id, kind)


def _in_order(faults: list[rows.Fault]) -> list[rows.Fault]:
    return sorted(faults, key=lambda fault: fault.line)


def _preview(kind: book.Kind, read: list[dict[str, Any]]) -> list[list[Any]]:
    """The cells of each row as they were understood."""
    return [[row["line"], *(_shown(row.get(column.field)) for column in kind.columns)] for row in read]


def _shown(value: Any) -> Any:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value


@desk_page
@require_http_methods(["GET", "POST"])
def row(request: DeskRequest, kind: str, pk: int) -> HttpResponseBase:
    """One row: correct it."""
    of, stored = book.kind_of(kind), book.row_of(request.user, kind, pk)
    _kept(request, stored.commune_id, kind)
    if request.method == "GET":
        return _one(request, of, stored, RowForm(initial=_initial(of, stored), kind=of))
    form = RowForm(request.POST, kind=of)
    if not form.is_valid():
        return _one(request, of, stored, form, status=422)
    version = form.cleaned_data.get("version")
    said = {"kind": of, "row": stored, "version": -1 if version is None else version, "said": form.said}
    _, refused = attempt(actions.correct_row, **said, by=request.user)
    if refused:
        _put(form, refused)
        now = refused.details.get("version", version)
        return _one(
            request, of, stored, form, status=refused.status, version=now, is_stale="version" in refused.details
        )
    messages.success(request, f"Đã sửa {of.one}: {form.said['name']}.")
    return see_other("communes:book", stored.commune_id, kind)


@desk_page
@require_POST
def row_end(request: DeskRequest, kind: str, pk: int) -> HttpResponseBase:
    """Let a row end with a day and a reason."""
    of, stored = book.kind_of(kind), book.row_of(request.user, kind, pk)
    _kept(request, stored.commune_id, kind)
    end, form = EndForm(request.POST), RowForm(initial=_initial(of, stored), kind=of)
    if not end.is_valid():
        return _one(request, of, stored, form, status=422, end=end)
    _, refused = attempt(actions.end_row, kind=of, row=stored, by=request.user, **end.cleaned_data)
    if refused:
        end.add_error(refused.field if refused.field in end.fields else None, refused.message)
        return _one(request, of, stored, form, status=refused.status, end=end)
    messages.success(request, f"Đã ghi ngày kết thúc: {stored.name}.")
    return see_other("communes:book", stored.commune_id, kind)


def _one(
    request: DeskRequest, kind: book.Kind, stored: Any, form: RowForm, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {"kind": kind, "row": stored, "form": form, "end": EndForm(), "version": stored.version, **shown}
    return render(request, "communes/row.html", context, status=status)


def _initial(kind: book.Kind, stored: Any) -> dict[str, Any]:
    """The row as a person would type it."""
    said = {column.field: getattr(stored, column.field) for column in kind.columns}
    return {name: _typed(value) for name, value in said.items()}


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",") if not isinstance(value, str) and "." in str(value) else str(value)


def _put(form: RowForm, refused: Refused) -> None:
    """An action's refusal at its fields, or above the form."""
    faults = refused.details.get("faults")
    form.put(faults or [rows.Fault(refused.field, refused.message)])

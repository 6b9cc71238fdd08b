"""Rounds of rating: opened, filled, scored, concluded, settled. Also the confirmation of bands."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from ocop.actions import councils as actions
from ocop.actions.certificates import PART_FIELDS, confirm_bands
from ocop.forms import BandsForm, ConcludeForm, EntryForm, RoundForm, SendBackForm, SettleForm, SheetForm
from ocop.models import RuleSet
from ocop.queries import councils as queries
from ocop.rules import stars
from ocop.rules.rulesets import all_rules
from ocop.views.listing import after_of, rights


@desk_page
@require_http_methods(["GET", "POST"])
def rounds(request: DeskRequest) -> HttpResponseBase:
    """The rounds of the person's units; open one."""
    page = queries.rounds(request.user, after_of(request))
    today = timezone.localdate()
    initial = {"year": today.year, "number": 1, "held_on": f"{today:%d/%m/%Y}"}
    form = RoundForm(request.POST, areas=page.areas) if request.POST else RoundForm(areas=page.areas, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _rounds(request, page, form, 422 if form.is_bound else 200)
    made, refused = attempt(actions.open_round, by=request.user, **form.said)
    if refused:
        form.put(refused)
        return _rounds(request, page, form, refused.status)
    messages.success(request, f"Đã lập hội đồng, đợt {made.number}/{made.year}.")
    return see_other("ocop:round", made.pk)


def _rounds(request: DeskRequest, page: queries.Rounds, form: RoundForm, status: int) -> HttpResponse:
    return render(request, "ocop/rounds.html", {"page": page, "form": form, **rights(request)}, status=status)


@desk_page
@require_http_methods(["GET", "POST"])
def one_round(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A round with the products before its council; bring one."""
    page = queries.round_page(request.user, pk, after_of(request))
    form = EntryForm(request.POST or None, initial={"code": request.GET.get("ma", "")[:40]})
    if request.method == "GET" or not form.is_valid():
        return _round(request, page, form, 422 if form.is_bound else 200)
    made, refused = attempt(actions.enter_product, round=page.round, by=request.user, **form.cleaned_data)
    if refused:
        form.put(refused)
        return _round(request, page, form, refused.status)
    messages.success(request, f"Đã đưa {made.product.name} vào đợt.")
    return see_other("ocop:entry", made.pk)


def _round(request: DeskRequest, page: queries.RoundPage, form: EntryForm, status: int) -> HttpResponse:
    return render(request, "ocop/round.html", {"page": page, "form": form}, status=status)


@desk_page
@require_GET
def minutes(request: DeskRequest, pk: int) -> HttpResponse:
    """The minutes of the council, to be printed and signed."""
    page = queries.minutes(request.user, pk)
    return render(request, "ocop/minutes.html", {"page": page, "printed_at": timezone.localtime()})


@desk_page
@require_http_methods(["GET", "POST"])
def entry(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A product before the council: the sheets; write one."""
    page = queries.entry_page(request.user, pk)
    if request.method == "GET":
        return _entry(request, page)
    form = SheetForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        scores = {part: said[name] for part, name in PART_FIELDS.items()}
        arguments = {"entry": page.entry, "member_id": said["member"], "scores": scores, "comment": said["comment"]}
        _, refused = attempt(actions.score, version=said["version"], by=request.user, **arguments)
        if not refused:
            messages.success(request, "Đã ghi phiếu chấm.")
            return see_other("ocop:entry", pk)
        form.put(refused)
        return _entry(request, page, status=refused.status, sheet=form)
    return _entry(request, page, status=422, sheet=form)


def _entry(request: DeskRequest, page: queries.EntryPage, *, status: int = 200, **shown: Any) -> HttpResponse:
    found, today = page.entry, timezone.localdate()
    level = stars.recogniser_of(found.stars, found.round.held_on, page.rules) if found.stars and page.rules else None
    context = {
        "page": page,
        "entry": found,
        "level": level,
        "is_here": level == found.round.area.level,
        "is_mine": found.concluded_by_id == request.user.pk,
        "conclude": ConcludeForm(auto_id="k_%s"),
        "settle": SettleForm(auto_id="d_%s", initial={"decided_on": f"{today:%d/%m/%Y}"}),
        "back": SendBackForm(auto_id="b_%s"),
    }
    return render(request, "ocop/entry.html", {**context, **shown}, status=status)


def _stepped(request: DeskRequest, pk: int, name: str, form: Any, action: Any, message: str) -> HttpResponseBase:
    page = queries.entry_page(request.user, pk)
    if not form.is_valid():
        return _entry(request, page, status=422, **{name: form})
    _, refused = attempt(action, entry=page.entry, by=request.user, **form.cleaned_data)
    if refused:
        form.put(refused)
        return _entry(request, queries.entry_page(request.user, pk), status=refused.status, **{name: form})
    messages.success(request, message)
    return see_other("ocop:entry", pk)


@desk_page
@require_POST
def conclude(request: DeskRequest, pk: int) -> HttpResponseBase:
    form = ConcludeForm(request.POST, auto_id="k_%s")
    return _stepped(request, pk, "conclude", form, actions.conclude, "Đã kết luận, chờ người khác duyệt.")


@desk_page
@require_POST
def settle(request: DeskRequest, pk: int) -> HttpResponseBase:
    form = SettleForm(request.POST, auto_id="d_%s")
    return _stepped(request, pk, "settle", form, actions.settle, "Đã duyệt kết quả.")


@desk_page
@require_POST
def send_back(request: DeskRequest, pk: int) -> HttpResponseBase:
    form = SendBackForm(request.POST, auto_id="b_%s")
    return _stepped(request, pk, "back", form, actions.send_back, "Đã trả lại để chấm.")


@desk_page
@require_http_methods(["GET", "POST"])
def rules(request: DeskRequest) -> HttpResponseBase:
    """The rule sets with their bands; an officer of the province confirms them against the text."""
    may_confirm = has_permission(request.user, Permission.SET_THRESHOLDS)
    form = BandsForm(request.POST or None)
    if request.method == "POST":
        if not may_confirm:
            raise OutOfScope
        slug = request.POST.get("slug", "")
        if form.is_valid():
            said = {"slug": slug, "reference": form.cleaned_data["reference"]}
            _, refused = attempt(confirm_bands, by=request.user, **said)
            if not refused:
                messages.success(request, "Đã đối chiếu dải điểm.")
                return see_other("ocop:rules")
            form.put(refused)
            return _rules(request, form, may_confirm, slug, refused.status)
        return _rules(request, form, may_confirm, slug, 422)
    return _rules(request, form, may_confirm, "", 200)


def _rules(request: DeskRequest, form: BandsForm, may_confirm: bool, slug: str, status: int) -> HttpResponse:
    stored = {row.slug: row for row in RuleSet.objects.select_related("bands_confirmed_by")}
    sets = [(each, stored.get(each.slug)) for each in reversed(all_rules())]
    context = {"sets": sets, "form": form, "may_confirm": may_confirm, "slug": slug, **rights(request)}
    return render(request, "ocop/rules.html", context, status=status)

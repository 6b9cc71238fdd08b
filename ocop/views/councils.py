"""Rounds of rating: opened, filled, scored, concluded, settled. Also the confirmation of bands."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, desk_page
from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import has_permission
from ocop.actions import councils as actions
from ocop.actions.certificates import confirm_bands
from ocop.forms import BandsForm, BaseForm, ConcludeForm, EntryForm, RoundForm, SendBackForm, SettleForm, SheetForm
from ocop.models import Entry, RatingRound, RuleSet
from ocop.queries import councils as queries
from ocop.rules import stars
from ocop.rules.rulesets import all_rules
from ocop.views.acting import acted
from ocop.views.listing import after_of, rights


@desk_page
@require_http_methods(["GET", "POST"])
def rounds(request: DeskRequest) -> HttpResponseBase:
    """The rounds of the person's units; open one."""
    page, today = queries.rounds(request.user, after_of(request)), timezone.localdate()
    initial = {"year": today.year, "number": 1, "held_on": f"{today:%d/%m/%Y}"}
    form = RoundForm(request.POST, areas=page.areas) if request.POST else RoundForm(areas=page.areas, initial=initial)

    def again(status: int) -> HttpResponse:
        return render(request, "ocop/rounds.html", {"page": page, "form": form, **rights(request)}, status=status)

    def done(made: RatingRound) -> tuple[str, tuple[Any, ...]]:
        return f"Đã lập hội đồng, đợt {made.number}/{made.year}.", ("ocop:round", made.pk)

    return acted(request, form, actions.open_round, again=again, done=done) if form.is_bound else again(200)


@desk_page
@require_http_methods(["GET", "POST"])
def one_round(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A round with the products before its council; bring one."""
    page = queries.round_page(request.user, pk, after_of(request))
    form = EntryForm(request.POST or None, initial={"code": request.GET.get("ma", "")[:40]})

    def again(status: int) -> HttpResponse:
        return render(request, "ocop/round.html", {"page": page, "form": form}, status=status)

    def done(made: Entry) -> tuple[str, tuple[Any, ...]]:
        return f"Đã đưa {made.product.name} vào đợt.", ("ocop:entry", made.pk)

    if not form.is_bound:
        return again(200)
    return acted(request, form, actions.enter_product, again=again, done=done, round=page.round)


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
    return _stepped(request, pk, "sheet", SheetForm(request.POST), actions.score, "Đã ghi phiếu chấm.")


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


def _stepped(
    request: DeskRequest, pk: int, name: str, form: BaseForm, action: Callable[..., Any], message: str
) -> HttpResponseBase:
    """One form of the page of a product before the council."""

    def again(status: int) -> HttpResponse:
        # Somebody else may have been first: the page is read anew.
        return _entry(request, queries.entry_page(request.user, pk), status=status, **{name: form})

    stored = queries.entry_page(request.user, pk).entry
    return acted(request, form, action, again=again, done=lambda _: (message, ("ocop:entry", pk)), entry=stored)


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
    may_confirm, slug = has_permission(request.user, Permission.SET_THRESHOLDS), request.POST.get("slug", "")
    form = BandsForm(request.POST or None)

    def again(status: int) -> HttpResponse:
        return _rules(request, form, may_confirm, slug, status)

    if not form.is_bound:
        return again(200)
    if not may_confirm:
        raise OutOfScope
    done = ("Đã đối chiếu dải điểm.", ("ocop:rules",))
    return acted(request, form, confirm_bands, again=again, done=lambda _: done, slug=slug)


def _rules(request: DeskRequest, form: BandsForm, may_confirm: bool, slug: str, status: int) -> HttpResponse:
    stored = {row.slug: row for row in RuleSet.objects.select_related("bands_confirmed_by")}
    sets = [(each, stored.get(each.slug)) for each in reversed(all_rules())]
    context = {"sets": sets, "form": form, "may_confirm": may_confirm, "slug": slug, **rights(request)}
    return render(request, "ocop/rules.html", context, status=status)

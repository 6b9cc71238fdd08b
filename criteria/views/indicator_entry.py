"""One input across the units of a district: the same cells, keys and answers as the sheet of one unit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.seal import seals
from criteria.queries.indicator_sheet import IndicatorSheet, first_input, indicator_sheet
from criteria.views.cell_forms import save_form
from criteria.views.refusals import DeskRequest, desk_page, see_other


@desk_page
@require_GET
def first(request: DeskRequest, round_id: int) -> HttpResponse:
    """The chosen input (?chi-tieu=), or the first of the round: an address without a choice."""
    asked = request.GET.get("chi-tieu", "")
    chosen = (
        int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else first_input(request.user, round_id)
    )
    return see_other("criteria:indicator-entry", round_id, chosen)


@desk_page
@require_http_methods(["GET", "POST"])
def entry(request: DeskRequest, round_id: int, input_id: int) -> HttpResponse:
    """The sheet of one input. A post saves every touched cell, each for itself; refused ones keep their text."""
    parent = request.GET.get("huyen", "")
    shown = indicator_sheet(request.user, round_id, input_id, parent)
    if request.method == "GET":
        return render(request, "criteria/indicator_sheet.html", _page(request, shown))
    touched, problems = save_form(request, shown.cells)
    if not problems:
        messages.success(request, f"Đã lưu {touched} giá trị." if touched else "Không có giá trị nào thay đổi.")
        return see_other(_address(shown))
    again = indicator_sheet(request.user, round_id, input_id, parent, problems=problems)
    context = {**_page(request, again), "saved": touched - len(problems)}
    status = max(fault.status for fault in problems.values())
    return render(request, "criteria/indicator_sheet.html", context, status=status)


def _page(request: DeskRequest, shown: IndicatorSheet) -> dict[str, object]:
    return {"sheet": shown, "wide": True, "seals": seals(request.user), "page_url": _address(shown)}


def _address(shown: IndicatorSheet) -> str:
    address = reverse("criteria:indicator-entry", args=[shown.round.pk, shown.entry.pk])
    return f"{address}?huyen={shown.parent.code}" if len(shown.parents) > 1 and shown.parent else address

"""The entry sheet and one cell of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.seal import seals
from criteria.queries.sheet import Sheet, sheet
from criteria.views.cell_forms import save_form
from criteria.views.refusals import DeskRequest, desk_page, see_other


@desk_page
@require_http_methods(["GET", "POST"])
def entry(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """The sheet of one unit. A post saves every touched cell, each for itself; refused ones keep their text."""
    where: dict[str, object] = {"round_id": round_id, "area__code": area_code}
    shown = sheet(request.user, where)
    if request.method == "GET":
        return render(request, "criteria/entry.html", _page(request, shown))
    touched, problems = save_form(request, shown.cells)
    if not problems:
        messages.success(request, f"Đã lưu {touched} giá trị." if touched else "Không có giá trị nào thay đổi.")
        return see_other("criteria:entry", round_id, area_code)
    again = sheet(request.user, where, problems=problems)
    status = max(fault.status for fault in problems.values())
    context = {**_page(request, again), "saved": touched - len(problems)}
    return render(request, "criteria/entry.html", context, status=status)


def _page(request: DeskRequest, shown: Sheet) -> dict[str, object]:
    """What the page of a sheet needs: where it posts to, and the seal of what its reader types."""
    where = [shown.round.pk, shown.area.code]
    return {
        "sheet": shown,
        "wide": True,
        "seals": seals(request.user),
        "page_url": reverse("criteria:entry", args=where),
        "submit_url": reverse("criteria:submit", args=where),
    }

"""The sheet of a unit on paper, for the chairman's signature."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from criteria.queries import papers, scans
from criteria.queries.sheet import sheet
from criteria.views.refusals import DeskRequest, desk_page


@desk_page
@require_GET
def paper(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """Every value of the unit as it stands now, with room for a signature; printed by the browser.

    `ma`: the mark on a paper, held against the figures of now.
    """
    shown = sheet(request.user, {"round_id": round_id, "area__code": area_code})
    mark, asked = papers.mark(shown), request.GET.get("ma", "").strip()[:40]
    context = {
        "sheet": shown,
        "printed_at": timezone.now(),
        "mark": mark,
        "asked": asked,
        "is_same": papers.is_same(asked, mark),
        "signed": scans.of_folder(request.user, shown.assessment).standing,
    }
    return render(request, "criteria/paper.html", context)

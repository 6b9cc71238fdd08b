"""The audit page: filtered, paged, exported as filtered."""

from collections.abc import Iterator
from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from criteria.forms import TrailForm
from criteria.queries import trail as trails
from criteria.views.refusals import DeskRequest, desk_page
from files.tables import csv_lines

HEADING = ("Lúc", "Người làm", "Việc", "Đơn vị", "Kỳ", "Mã chỉ tiêu", "Trước", "Sau", "Lý do")


@desk_page
@require_GET
def trail(request: DeskRequest) -> HttpResponse:
    """One page of the trail; a filter that cannot be read is told at its field and shows everything."""
    form = TrailForm(request.GET or None)
    valid = form.is_bound and form.is_valid()
    after = request.GET.get("sau", "")
    place = int(after) if after.isdecimal() and len(after) < 19 else None
    shown = trails.trail(request.user, form.chosen if valid else trails.Filter(), place)
    context = {"trail": shown, "form": form, "wide": True}
    return render(request, "criteria/trail.html", context, status=422 if form.is_bound and not valid else 200)


@desk_page
@require_POST
def export(request: DeskRequest) -> HttpResponseBase:
    """Exactly what is filtered, as CSV; the export itself is written down."""
    form = TrailForm(request.POST)
    if not form.is_valid():
        context = {"trail": trails.trail(request.user, trails.Filter()), "form": form, "wide": True}
        return render(request, "criteria/trail.html", context, status=422)
    rows = (_row(entry) for entry in trails.every(request.user, form.chosen))
    # The first row is read here: somebody without a trail is refused, not sent half a file.
    first = list(next_of(rows))
    audit.record(by=request.user, action="audit.export", subject=request.user, data={"filter": form.chosen.query})
    name = f"nhat-ky-{timezone.localdate().isoformat()}.csv"
    return StreamingHttpResponse(
        csv_lines(HEADING, chain(first, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def next_of(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The next row, if there is one."""
    for row in rows:
        yield row
        return


def _row(entry: trails.Entry) -> list[str]:
    event, period = entry.event, str(entry.reading.assessment.round.period) if entry.reading else ""
    at = timezone.localtime(event.at).strftime("%d/%m/%Y %H:%M:%S")
    return [
        at,
        event.actor_name,
        entry.act,
        entry.unit,
        period,
        entry.code,
        entry.before,
        entry.after,
        event.reason,
    ]

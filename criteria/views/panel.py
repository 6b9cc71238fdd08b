"""The panel of one value: what is said of it, what proves it, what happened to it."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Refused
from criteria.actions import threads
from criteria.queries import panel as panels
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

PANEL, THREAD = "criteria/_panel.html", "criteria/_panel_thread.html"
CHANGES = "criteria/_panel_changes.html"


@desk_page
@require_GET
def panel(request: DeskRequest, reading_id: int) -> HttpResponse:
    """The panel as a page, or as the part that stands beside the grid and the queue."""
    return shown(request, reading_id, PANEL)


@desk_page
@require_GET
def history(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Older acts on the value, to follow those on the page; the whole panel as a page where no script asked."""
    return shown(request, reading_id, CHANGES)


def shown(
    request: DeskRequest, reading_id: int, part: str, *, refused: Refused | None = None, **typed: object
) -> HttpResponse:
    """The panel, or only `part` of it where htmx asked; with the refusal and what was typed."""
    before, changed_before = _row(request.GET.get("truoc", "")), _row(request.GET.get("lich-su", ""))
    found = panels.panel(request.user, reading_id, before=before, changed_before=changed_before)
    context = {"panel": found, "item": found.item, "r": found.reading, "longest": threads.LONGEST, **typed}
    context["fault"] = {refused.field or "form": refused.message} if refused else {}
    context["most_megabytes"] = settings.EVIDENCE_FILE_BYTES // 1024**2
    template = part if request.htmx else "criteria/panel.html"
    response = render(request, template, context, status=refused.status if refused else 200)
    response.headers["Vary"] = "HX-Request"
    return response


def _row(text: str) -> int | None:
    """The remark, or the event of the history, that an address names."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


@desk_page
@require_POST
def comment(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Add a comment to the thread."""
    text = request.POST.get("text", "")
    _, refused = attempt(threads.comment, reading_id=reading_id, text=text, by=request.user)
    return _answered(request, reading_id, refused, text=text)


@desk_page
@require_POST
def resolve(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Say that what the thread asks for is done; what stands in its field stays there."""
    mark, text = request.POST.get("mark", ""), request.POST.get("text", "")
    _, refused = attempt(threads.resolve, reading_id=reading_id, mark=mark, by=request.user)
    return _answered(request, reading_id, refused, text=text)


def _answered(request: DeskRequest, reading_id: int, refused: Refused | None, text: str) -> HttpResponse:
    if refused:
        return shown(request, reading_id, THREAD, refused=refused, text=text)
    if request.htmx:
        return shown(request, reading_id, THREAD)
    return see_other("criteria:panel", reading_id, anchor="trao-doi")

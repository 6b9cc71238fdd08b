"""The board of completeness of a round, and reminding its units."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Refused
from criteria.actions import reminders
from criteria.forms import RemindForm
from criteria.queries import board as boards
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

NOBODY = "Chưa chọn đơn vị nào để nhắc."


@desk_page
@require_GET
def board(request: DeskRequest, round_id: int | None = None) -> HttpResponse:
    """Unit by unit and step by step; late ones named."""
    return _page(request, boards.board(request.user, round_id))


def _page(request: DeskRequest, shown: boards.Board, fault: str = "", status: int = 200) -> HttpResponse:
    context = {"board": shown, "fault": fault, "wide": True}
    return render(request, "criteria/board.html", context, status=status)


@desk_page
@require_POST
def remind(request: DeskRequest, round_id: int) -> HttpResponse:
    """Remind the chosen units; what was said is on their officers' page "Việc của tôi"."""
    shown = boards.board(request.user, round_id)
    form = RemindForm(request.POST, folders=[row.assessment.pk for row in shown.rows])
    if not form.is_valid():
        return _page(request, shown, NOBODY, Refused.status)
    sent, refused = attempt(
        reminders.remind,
        reading_round=shown.round,
        assessment_ids=form.cleaned_data["folders"],
        note=form.cleaned_data["note"],
        by=request.user,
    )
    if refused:
        return _page(request, shown, refused.message, refused.status)
    messages.success(request, f"Đã nhắc {sent} đơn vị." if sent else "Các đơn vị này đã được nhắc hôm nay.")
    return see_other("criteria:board-of", round_id)


@desk_page
@require_GET
def unit(request: DeskRequest, round_id: int, area_code: str) -> HttpResponse:
    """One unit value by value; an approved one is opened again from here."""
    context = {"unit": boards.unit(request.user, round_id, area_code), "wide": True}
    return render(request, "criteria/board_unit.html", context)

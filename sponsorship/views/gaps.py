"""Where money is lacking: the board, and what a commune asks for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest, desk_page, see_other
from sponsorship.actions import pledges as actions
from sponsorship.amounts import typed
from sponsorship.forms import NeedForm
from sponsorship.queries import gaps as queries
from sponsorship.views.pages import accepted, public_page


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """Unmet indicators with money asked, promised and received, the unfunded first."""
    chosen = queries.Filter(request.GET.get("huyen", "")[:10], request.GET.get("chi-tieu", "")[:14])
    after = request.GET.get("sau", "")
    page = queries.board(chosen, after=after if queries.is_key(after) else "")
    asking = queries.asked_by(request.user, page)
    rows = [(gap, asking.get(gap.key)) for gap in page.gaps]
    shown = {"board": page, "rows": rows, "may_ask": bool(asking)}
    context = {**shown, "chosen": chosen, "is_narrowed": chosen != queries.Filter()}
    return render(request, "sponsorship/gaps.html", context)


@desk_page
@require_http_methods(["GET", "POST"])
def need(request: DeskRequest, area_id: int, indicator_id: int) -> HttpResponseBase:
    """Say how much money the commune needs for the indicator."""
    page = queries.asking(request.user, area_id, indicator_id)
    if request.method == "GET":
        stored = page.need
        initial = {"amount": typed(stored.amount), "note": stored.note, "version": stored.version} if stored else {}
        return render(request, "sponsorship/need.html", {"page": page, "form": NeedForm(initial=initial)})
    form = NeedForm(request.POST)
    said: dict[str, Any] = {"area": page.area, "indicator": page.indicator, "year": page.year, "by": request.user}
    made, status = accepted(form, lambda: actions.ask(**said, **form.cleaned_data))
    if made is None:
        return render(request, "sponsorship/need.html", {"page": page, "form": form}, status=status)
    messages.success(request, f"Đã ghi nhu cầu vốn của {page.area.name}.")
    return see_other("sponsorship:gaps")

"""What waits for officers: certificates that end, upgrades on their way, producers that stopped, linked indicators."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from ocop.actions.certificates import remind
from ocop.actions.links import take_reading
from ocop.models import Product
from ocop.queries import links as link_queries
from ocop.queries import queues as queries
from ocop.views.listing import after_of, rights


@desk_page
@require_GET
def queue(request: DeskRequest, slug: str = "sap-het-han") -> HttpResponse:
    """One queue of the person's units."""
    return _queue(request, slug)


def _queue(
    request: DeskRequest, slug: str, *, status: int = 200, refusal: str = "", refused_at: str = ""
) -> HttpResponse:
    page = queries.queue(request.user, slug, after_of(request))
    context = {"page": page, "refusal": refusal, "refused_at": refused_at}
    context |= rights(request)
    return render(request, "ocop/queue.html", context, status=status)


@desk_page
@require_POST
def reminded(request: DeskRequest, slug: str, code: str) -> HttpResponseBase:
    """Log that the producer of one product was reminded."""
    stored = get_object_or_404(Product.objects.select_related("standing"), code=code, standing__isnull=False)
    _, refused = attempt(remind, rating=stored.standing, note="", by=request.user)
    if refused:
        return _queue(request, slug, status=refused.status, refusal=refused.message, refused_at=code)
    messages.success(request, f"Đã ghi lần nhắc: {stored.name}.")
    return see_other("ocop:queue", slug)


@desk_page
@require_http_methods(["GET", "POST"])
def linked(request: DeskRequest) -> HttpResponseBase:
    """Indicators of communes beside what the register says; take one over."""
    refusal = None
    if request.method == "POST":
        reading, version = request.POST.get("reading", ""), request.POST.get("version", "")
        said = {"reading_id": _number(reading), "version": _number(version)}
        made, refusal = attempt(take_reading, by=request.user, **said)
        if not refusal:
            messages.success(request, f"Đã lấy từ sổ OCOP: {made.assessment.area.name}.")
            return see_other("ocop:linked")
    lines, after = link_queries.linked(request.user, after_of(request))
    context = {"lines": lines, "after": after, "refusal": refusal.message if refusal else "", **rights(request)}
    return render(request, "ocop/linked.html", context, status=refusal.status if refusal else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1

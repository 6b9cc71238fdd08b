"""Webhooks for the province's office and administrators; anybody else finds nothing here."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from communes.paging import row_id
from exchange.actions import webhooks as acts
from exchange.forms import ReplayForm, WebhookForm, as_typed
from exchange.models import Kind, Webhook
from exchange.queries import changes
from exchange.queries import webhooks as queries
from exchange.queries.changes import StartAnew

ON, OFF = "Đã bật: gửi tiếp từ chỗ đã dừng.", "Đã dừng gửi. Thay đổi mới được giữ lại."
RANGE = "Chỉ gửi lại được từ số {oldest_since} đến số {last_seq}."
_FORM = ["GET", "HEAD", "POST"]


@desk_page
@require_safe
def webhooks(request: DeskRequest) -> HttpResponse:
    """Who is told of what, and whether they take it."""
    context = {"webhooks": list(queries.webhooks(request.user)), "feed": changes.watermark(), "kinds": _kinds()}
    return render(request, "exchange/webhooks.html", context)


@desk_page
@require_http_methods(_FORM)
def webhook_new(request: DeskRequest) -> HttpResponseBase:
    """A new webhook; its secret is in the answer and nowhere else."""
    queries.webhooks(request.user)
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, refused = attempt(acts.add, **form.said(), by=request.user)
        if refused is None:
            return _shown_once(request, *made)
        form.refuse(refused)
    return render(request, "exchange/webhook_form.html", {"form": form}, status=422 if form.errors else 200)


@desk_page
@require_http_methods(_FORM)
def webhook_edit(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Other conditions, another address."""
    found = queries.find(request.user, pk)
    form = WebhookForm(request.POST or None, initial=as_typed(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        _, refused = attempt(acts.change, webhook_id=pk, **form.said(), version=version, by=request.user)
        if refused is None:
            messages.success(request, "Đã lưu.")
            return see_other("exchange:webhook", pk)
        form.refuse(refused)
    context = {"form": form, "webhook": found}
    return render(request, "exchange/webhook_form.html", context, status=422 if form.errors else 200)


@desk_page
@require_safe
def webhook(request: DeskRequest, pk: int) -> HttpResponse:
    """One webhook: its state, its log, what can be done."""
    return _page(request, pk, ReplayForm())


def _page(request: DeskRequest, pk: int, form: ReplayForm) -> HttpResponse:
    found = queries.find(request.user, pk)
    after = row_id(request.GET.get("sau", ""))
    context = {
        "webhook": found,
        "log": queries.log(found, after=after),
        "feed": changes.watermark(),
        "form": form,
        "kinds": _kinds(),
    }
    return render(request, "exchange/webhook.html", context, status=422 if form.errors else 200)


@desk_page
@require_POST
def switch(request: DeskRequest, pk: int, is_on: bool) -> HttpResponse:
    """Stop sending, or go on from where it stopped."""
    acts.switch(webhook_id=pk, is_on=is_on, by=request.user)
    messages.success(
        request, "Đã bật: gửi tiếp từ chỗ đã dừng." if is_on else "Đã dừng gửi. Thay đổi mới được giữ lại."
    )
    return see_other("exchange:webhook", pk)


@desk_page
@require_POST
def secret(request: DeskRequest, pk: int) -> HttpResponse:
    """Another secret, in this answer and nowhere else."""
    return _shown_once(request, *acts.renew_secret(webhook_id=pk, by=request.user))


@desk_page
@require_POST
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget the webhook with its log."""
    acts.remove(webhook_id=pk, by=request.user)
    messages.success(request, "Đã xoá webhook.")
    return see_other("exchange:webhooks")


@desk_page
@require_POST
def replay(request: DeskRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one delivery once more."""
    acts.replay(webhook_id=pk, delivery_id=delivery, by=request.user)
    messages.success(request, "Đã xếp gửi lại.")
    return see_other("exchange:webhook", pk, anchor="nhat-ky")


@desk_page
@require_POST
def replay_from(request: DeskRequest, pk: int) -> HttpResponse:
    """Tell everything wanted after a number again."""
    queries.find(request.user, pk)
    form = ReplayForm(request.POST)
    if form.is_valid():
        try:
            acts.replay_from(webhook_id=pk, since=form.cleaned_data["since"], by=request.user)
        except StartAnew as lost:
            form.add_error("since", RANGE.format(**lost.details))
        else:
            messages.success(request, f"Đã xếp gửi lại mọi thay đổi sau số {form.cleaned_data['since']}.")
            return see_other("exchange:webhook", pk, anchor="nhat-ky")
    return _page(request, pk, form)


def _shown_once(request: DeskRequest, made: Webhook, secret: str) -> HttpResponse:
    return render(request, "exchange/webhook_secret.html", {"webhook": made, "secret": secret})


def _kinds() -> dict[str, str]:
    return dict(Kind.choices)

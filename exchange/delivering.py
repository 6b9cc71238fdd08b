"""Telling webhooks: the next wanted changes become a delivery, which is sent until it is taken or given up.

The rows are the truth, as for all background work: a job of each webhook sends outside its transaction and writes
down inside what came of it. Killed in between, it sends the same delivery again: at least once, under one id.
"""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from accounts import jobs
from accounts.models import Job
from exchange import sending, signing
from exchange.models import Delivery, Webhook
from exchange.queries import changes
from exchange.queries.changes import StartAnew, Wanted

KIND = "webhook"
# Changes of one delivery.
TOGETHER = 100
# After each failed attempt but the last: in all about 29 hours.
WAITS = [dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)]
DISABLED_AFTER = dt.timedelta(days=3)
GONE = 410
FAILED_LONG = "Không gửi được suốt 3 ngày; lần cuối: {said}"
SAID_GONE = "Nơi nhận trả lời 410: không nhận nữa."
KEY_LOST = "Khoá của hệ thống đã đổi, mã bí mật cũ không còn dùng được: hãy tạo mã bí mật mới."


def sweep() -> int:
    """Wake the job of every webhook that has something to send; how many."""
    last = changes.watermark().last_seq
    due = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.WAITING)
    idle = Q(job=None) | ~Q(job__state__in=Job.UNFINISHED)
    found = Webhook.objects.filter(idle, Q(cursor__lt=last) | Exists(due), is_on=True)
    return sum(wake(pk) for pk in found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def wake(webhook_id: int) -> bool:
    """Have the webhook's one job look for something to send; False where it does, or has only to wait."""
    webhook = Webhook.objects.select_for_update().filter(pk=webhook_id, is_on=True).first()
    if webhook is None:
        return False
    first = waiting(webhook).first()
    if first is not None and first.next_at > timezone.now():
        return False
    if webhook.job_id:
        return jobs.again(webhook.job_id)
    webhook.job = jobs.ask(kind=KIND, arguments={"webhook": webhook.pk}, by=None)
    webhook.save(update_fields=["job"])
    return True


def waiting(webhook: Webhook) -> QuerySet[Delivery]:
    """What the webhook has not been given yet, in its order."""
    return Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING).order_by("since", "id")


def _send(job: Job) -> None:
    """Try the delivery whose turn it is; what came of it is kept on the job for its step."""
    job.__dict__.pop("tried", None)
    webhook = Webhook.objects.filter(pk=job.arguments["webhook"], is_on=True).first()
    delivery = waiting(webhook).first() if webhook else None
    now = timezone.now()
    if webhook is None or delivery is None or delivery.next_at > now:
        return
    body = delivery.body.encode()
    signed = signing.headers(webhook, event=str(delivery.event), body=body, now=now)
    outcome = sending.post(webhook.url, body, signed) if signed else None
    job.__dict__["tried"] = (delivery.pk, delivery.attempts, outcome)


@jobs.step_of(KIND, before=_send)
def step(job: Job) -> bool:
    """Write down what came of the attempt and line up what follows; whether it may be sent now."""
    webhook = Webhook.objects.select_for_update().filter(pk=job.arguments["webhook"]).first()
    if webhook is None:
        return False
    if tried := job.__dict__.pop("tried", None):
        _write_down(webhook, *tried)
    if not webhook.is_on:
        return False
    delivery = waiting(webhook).first() or _line_up(webhook)
    return delivery is not None and delivery.next_at <= timezone.now()


def _write_down(webhook: Webhook, delivery_id: int, attempts: int, outcome: sending.Outcome | None) -> None:
    # Somebody may have asked for it anew meanwhile: then this attempt counts for nothing but its being taken.
    delivery = waiting(webhook).filter(pk=delivery_id, attempts=attempts).first()
    if outcome is None:
        _stop(webhook, KEY_LOST)
    elif delivery is not None:
        now = timezone.now()
        delivery.attempts, delivery.tried_at = attempts + 1, now
        delivery.status, delivery.said, delivery.took_ms = outcome.status, outcome.said, outcome.took_ms
        if outcome.is_taken:
            delivery.state, webhook.failing_since = Delivery.State.DELIVERED, None
        else:
            _put_off(webhook, delivery, now)
        delivery.save()
        webhook.save(update_fields=["failing_since"])


def _put_off(webhook: Webhook, delivery: Delivery, now: dt.datetime) -> None:
    webhook.failing_since = webhook.failing_since or now
    if delivery.status == GONE:
        _stop(webhook, SAID_GONE)
    elif now - webhook.failing_since >= DISABLED_AFTER:
        _stop(webhook, FAILED_LONG.format(said=delivery.said or f"mã {delivery.status}"))
    if delivery.attempts > len(WAITS):
        delivery.state = Delivery.State.GIVEN_UP
    else:
        delivery.next_at = now + WAITS[delivery.attempts - 1]


def _stop(webhook: Webhook, reason: str) -> None:
    webhook.is_on, webhook.stopped_reason = False, reason[:300]
    webhook.save(update_fields=["is_on", "stopped_reason"])


def _line_up(webhook: Webhook) -> Delivery | None:
    """The next wanted changes as a delivery; None where there are none."""
    wanted = Wanted(tuple(webhook.kinds), webhook.area.code if webhook.area else "")
    try:
        page = changes.page(since=webhook.cursor, limit=TOGETHER, wanted=wanted)
    except StartAnew as lost:
        _stop(webhook, lost.message)
        return None
    webhook.cursor = page.until
    webhook.save(update_fields=["cursor"])
    if not page.lines:
        return None
    now = timezone.now()
    return Delivery.objects.create(
        webhook=webhook,
        since=page.since,
        until=page.until,
        many=len(page.lines),
        body=body_of(webhook, page),
        made_at=now,
        next_at=now,
    )


def body_of(webhook: Webhook, page: changes.Page) -> str:
    """What is sent: the changes as the feed gives them."""
    said: dict[str, Any] = {"webhook": webhook.pk, "since": page.since, "until": page.until}
    said["changes"] = [line.shown(lambda address: settings.PUBLIC_ADDRESS + address) for line in page.lines]
    return json.dumps(said, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))

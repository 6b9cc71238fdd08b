"""Keeping webhooks: who is told of what, their secrets, and sending once more."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale
from accounts.models import User
from communes.models import Area
from exchange import delivering, sending, signing
from exchange.models import Delivery, Kind, Webhook
from exchange.queries import changes
from exchange.queries.webhooks import require_keeper

NAMELESS = "Ghi tên hệ thống nhận."
UNKNOWN_KIND = "Không có loại thay đổi “{}”."
UNKNOWN_AREA = "Không có đơn vị hành chính mã “{}”."
CHANGED = "Webhook vừa được người khác sửa. Hãy xem lại rồi lưu."
NAME_LENGTH, URL_LENGTH, MOST = 120, 500, 50
TOO_MANY = f"Đã có {MOST} webhook; hãy bỏ bớt trước khi thêm."


@transaction.atomic
def add(*, name: str, url: str, kinds: Collection[str], area: str, by: User) -> tuple[Webhook, str]:
    """A new webhook, told of what changes from now on; with its secret, which is shown this once."""
    require_keeper(by)
    if Webhook.objects.count() >= MOST:
        raise Refused(TOO_MANY, field="name", code="too_many")
    webhook = Webhook(made_by=by, made_at=timezone.now(), cursor=changes.watermark().last_seq)
    _describe(webhook, name=name, url=url, kinds=kinds, area=area)
    secret = signing.new_secret(webhook)
    webhook.save()
    _tell(webhook, "webhook.add", by, **_said(webhook))
    return webhook, secret


@transaction.atomic
def change(
    *, webhook_id: int, name: str, url: str, kinds: Collection[str], area: str, version: int, by: User
) -> Webhook:
    """Other conditions or another address; what is lined up already goes there as well."""
    webhook = _locked(webhook_id, by)
    _refuse_stale(webhook, version)
    before = _said(webhook)
    _describe(webhook, name=name, url=url, kinds=kinds, area=area)
    webhook.version += 1
    webhook.save()
    _tell(webhook, "webhook.change", by, before=before, after=_said(webhook))
    return webhook


@transaction.atomic
def switch(*, webhook_id: int, is_on: bool, by: User, version: int | None = None) -> Webhook:
    """Go on sending, from where it stopped, or stop; Stale where a version is named that is not the stored one."""
    webhook = _locked(webhook_id, by)
    _refuse_stale(webhook, version)
    webhook.is_on, webhook.stopped_reason, webhook.failing_since = is_on, "", None
    webhook.version += 1
    webhook.save()
    if is_on:
        # Whoever switches it on does not wait for a delay that grew while nobody answered.
        delivering.waiting(webhook).update(next_at=timezone.now())
        delivering.wake(webhook.pk)
    _tell(webhook, "webhook.on" if is_on else "webhook.off", by)
    return webhook


@transaction.atomic
def renew_secret(*, webhook_id: int, by: User) -> tuple[Webhook, str]:
    """Another secret, which is shown this once; the former one signs nothing more."""
    webhook = _locked(webhook_id, by)
    secret = signing.new_secret(webhook)
    webhook.version += 1
    webhook.save()
    _tell(webhook, "webhook.secret", by)
    return webhook, secret


@transaction.atomic
def remove(*, webhook_id: int, by: User) -> None:
    """Forget the webhook with its log; the trail keeps that it was."""
    webhook = _locked(webhook_id, by)
    _tell(webhook, "webhook.remove", by, **_said(webhook))
    webhook.delete()


@transaction.atomic
def replay(*, webhook_id: int, delivery_id: int, by: User) -> Delivery:
    """Send one delivery once more, as it was, under the same id."""
    webhook = _locked(webhook_id, by)
    delivery = webhook.deliveries.filter(pk=delivery_id).first()
    if delivery is None:
        raise OutOfScope
    delivery.state, delivery.attempts, delivery.next_at = Delivery.State.WAITING, 0, timezone.now()
    delivery.save(update_fields=["state", "attempts", "next_at"])
    delivering.wake(webhook.pk)
    _tell(webhook, "webhook.replay", by, since=delivery.since)
    return delivery


@transaction.atomic
def replay_from(*, webhook_id: int, since: int, by: User) -> Webhook:
    """Tell everything wanted after the number `since` again, as the rows stand now; StartAnew where it is gone."""
    webhook = _locked(webhook_id, by)
    changes.refuse_lost(since, changes.watermark())
    delivering.waiting(webhook).filter(until__gt=since).delete()
    webhook.cursor = since
    webhook.save(update_fields=["cursor"])
    delivering.wake(webhook.pk)
    _tell(webhook, "webhook.replay", by, since=since)
    return webhook


def _locked(webhook_id: int, by: User) -> Webhook:
    require_keeper(by)
    webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=webhook_id).first()
    if webhook is None:
        raise OutOfScope
    return webhook


def _refuse_stale(webhook: Webhook, version: int | None) -> None:
    if version not in (None, webhook.version):
        raise Stale(CHANGED, field="version", version=webhook.version)


def _describe(webhook: Webhook, *, name: str, url: str, kinds: Collection[str], area: str) -> None:
    webhook.name, webhook.url = name.strip()[:NAME_LENGTH], url.strip()[:URL_LENGTH]
    if not webhook.name:
        raise Refused(NAMELESS, field="name", code="required")
    if fault := sending.fault_of(webhook.url):
        raise Refused(fault, field="url", code="unreadable")
    if unknown := [kind for kind in kinds if kind not in Kind.values]:
        raise Refused(UNKNOWN_KIND.format(unknown[0]), field="kinds", code="unknown")
    webhook.kinds = [kind for kind in Kind.values if kind in kinds]
    # The code stands for every unit that bore it; the newest is shown.
    webhook.area = Area.objects.filter(code=area).order_by("-pk").first() if area else None
    if area and webhook.area is None:
        raise Refused(UNKNOWN_AREA.format(area), field="area", code="unknown")


def _said(webhook: Webhook) -> dict[str, Any]:
    area = webhook.area.code if webhook.area else ""
    return {"name": webhook.name, "url": webhook.url, "kinds": webhook.kinds, "area": area}


def _tell(webhook: Webhook, action: str, by: User, **data: Any) -> None:
    audit.record(by=by, action=action, subject=webhook, data={"name": webhook.name, **data})

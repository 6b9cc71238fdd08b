"""Writing the audit trail: one call inside the transaction of the write it tells of."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import AuditEvent, User


def event(
    *,
    by: User | None,
    action: str,
    subject: models.Model,
    area_path: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """An unsaved event; `by=None` is the portal itself. `data` holds before and after, JSON-ready."""
    return AuditEvent(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "hệ thống",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        area_path=area_path,
        reason=reason,
        data=data or {},
    )


def record(**fields: Any) -> AuditEvent:
    """Save one event (arguments of `event`)."""
    saved = event(**fields)
    saved.save()
    return saved


def record_many(events: Iterable[AuditEvent]) -> None:
    """Save many events in one statement a batch."""
    AuditEvent.objects.bulk_create(events, batch_size=500)


def history_of(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """What happened to one object, oldest first."""
    return AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("id")

"""Writing the audit trail: one call inside the transaction of the write it tells of."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.models import AuditEvent, User

_BATCH = 500
# Events of one statement, which takes them as one value.
_AT_ONCE = 5000
_said = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    AuditEvent.objects.bulk_create(events, batch_size=_BATCH)


def insertions(
    *, by: User | None, action: str, subject: type[models.Model], rows: Iterable[tuple[int, str, dict[str, Any]]]
) -> Iterator[tuple[str, list[Any]]]:
    """The statements that write an event for each (id, place, data): one act on many rows of a model.

    The caller executes them in its transaction. No object for every row: a person may approve thousands at once.
    """
    left = iter(rows)
    while batch := [(str(pk), path, data) for pk, path, data in islice(left, _AT_ONCE)]:
        yield insertion(by=by, action=action, subject=subject, rows=_GIVEN[connection.vendor], values=[_said(batch)])


def insertion(
    *, by: User | None, action: str, subject: type[models.Model], rows: str, values: list[Any]
) -> tuple[str, list[Any]]:
    """The statement that writes an event for each row of the query `rows` (id as text, place, data).

    For an act whose before and after the database itself can tell.
    """
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    same = [at, by.pk if by else None, str(by) if by else "hệ thống", action, subject._meta.label_lower]
    return _INSERT[connection.vendor].replace("{rows}", rows), [*same, *values]


_TOLD = f"""
    INSERT INTO {AuditEvent._meta.db_table}
        (at, actor_id, actor_name, action, subject_type, subject_id, area_path, data, reason)
    SELECT {{same}}, told.id, told.place, told.data, '' FROM ({{rows}}) AS told
"""
_INSERT = {
    "postgresql": _TOLD.replace("{same}", "%s::timestamptz, %s::bigint, %s, %s, %s"),
    "sqlite": _TOLD.replace("{same}", "%s, %s, %s, %s, %s"),
}
_GIVEN = {
    "postgresql": """
        SELECT value ->> 0 AS id, value ->> 1 AS place, value -> 2 AS data FROM jsonb_array_elements(%s::jsonb)""",
    "sqlite": """
        SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS place,
            json_extract(value, '$[2]') AS data FROM json_each(%s)""",
}


def history_of(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """What happened to one object, oldest first."""
    return AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("id")

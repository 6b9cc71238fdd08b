"""Certificates of merit of a year."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from communes import epochs
from criteria.models import Commendation

MOST_AT_ONCE = 500


def _require_office(by: User) -> None:
    if not has_permission(by, Permission.RECORD_DECISIONS):
        raise OutOfScope()


@transaction.atomic
def add_commendations(
    *, year: int, recipient: str, names: Iterable[str], awarded_on: dt.date | None, source: str, by: User
) -> int:
    """Record who was commended in a year; all the names or none. Refused names every one that stands there already."""
    _require_office(by)
    wanted = [" ".join(name.split()) for name in names if name.strip()]
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Refused(f"Ghi từ 1 đến {MOST_AT_ONCE} tên một lần.", field="names", code="required")
    if long := [name for name in wanted if len(name) > 200]:
        raise Refused(f"Tên quá dài: “{long[0][:40]}…”.", field="names", code="too_long")
    known = set(
        Commendation.objects.filter(year=year, recipient=recipient, name__in=wanted).values_list("name", flat=True)
    )
    doubled = sorted(known | {name for name in wanted if wanted.count(name) > 1})
    if doubled:
        raise Refused(f"Đã có hoặc nêu hai lần: {', '.join(doubled)}.", field="names", code="already_recorded")
    rows = Commendation.objects.bulk_create(
        Commendation(
            year=year,
            recipient=recipient,
            name=name,
            awarded_on=awarded_on,
            source=source,
            is_illustrative=by.is_demo,
        )
        for name in wanted
    )
    audit.record_many(
        audit.event(by=by, action="commendation.add", subject=row, data={"name": row.name, "year": year})
        for row in rows
    )
    epochs.bump()
    return len(rows)


@transaction.atomic
def remove_commendation(*, commendation_id: int, reason: str, by: User) -> None:
    """Take out a wrongly recorded one; what it said stays in the trail, with the reason."""
    _require_office(by)
    row = Commendation.objects.select_for_update().filter(pk=commendation_id).first()
    if row is None:
        raise OutOfScope()
    if not reason.strip():
        raise Refused("Ghi lý do bỏ.", field="reason", code="required")
    data = {"name": row.name, "year": row.year, "recipient": row.recipient, "source": row.source}
    audit.record(by=by, action="commendation.remove", subject=row, reason=reason.strip(), data=data)
    row.delete()
    epochs.bump()

"""Certificates of merit of a year: entered, corrected, and removed with a reason."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import one_line
from communes import epochs
from criteria.models import Commendation

MOST = 500
_LONGEST = 200
_FIELDS = ("year", "recipient", "name", "awarded_on", "at_conference", "source")


@transaction.atomic
def add_commendations(
    *,
    year: int,
    recipient: str,
    names: list[str],
    by: User,
    awarded_on: dt.date | None = None,
    at_conference: bool = False,
    source: str = "",
) -> list[Commendation]:
    """Enter one commendation for each name, all or none; a fault names every line that is wrong.

    Somebody commended twice in one year is named: that is a name pasted twice.
    """
    _require_office(by)
    epochs.bump()
    said = {"year": year, "recipient": recipient, "awarded_on": awarded_on, "source": one_line(source)}
    _require_sense(said)
    cleaned = _names(names, year, recipient)
    rows = [
        Commendation(**said, name=name, at_conference=at_conference, is_illustrative=by.is_demo) for name in cleaned
    ]
    Commendation.objects.bulk_create(rows)
    audit.record_many(
        audit.event(by=by, action="commendation.add", subject=row, data={"after": _told(row)}) for row in rows
    )
    return rows


@transaction.atomic
def correct_commendation(
    *,
    commendation: Commendation,
    version: int,
    name: str,
    recipient: str,
    by: User,
    awarded_on: dt.date | None = None,
    at_conference: bool = False,
    source: str = "",
) -> Commendation:
    """Correct one; what stood there stays in the trail. Raises Stale where somebody else was first."""
    stored = _locked(commendation, version, by)
    before = _told(stored)
    said = {"year": stored.year, "recipient": recipient, "awarded_on": awarded_on, "source": one_line(source)}
    _require_sense(said)
    others = Commendation.objects.exclude(pk=stored.pk)
    [cleaned] = _names([name], stored.year, recipient, others=others, field="name")
    stored.name, stored.at_conference = cleaned, at_conference
    stored.recipient, stored.awarded_on, stored.source = recipient, awarded_on, one_line(source)
    stored.version += 1
    stored.save()
    audit.record(by=by, action="commendation.correct", subject=stored, data={"before": before, "after": _told(stored)})
    epochs.bump()
    return stored


@transaction.atomic
def remove_commendation(*, commendation: Commendation, version: int, reason: str, by: User) -> None:
    """Take out one that was entered wrongly; the trail keeps all of it, and the reason."""
    stored = _locked(commendation, version, by)
    reason = reason.strip()[:1000]
    if not reason:
        raise Refused("Ghi lý do xoá.", field="reason", code="required")
    audit.record(by=by, action="commendation.remove", subject=stored, reason=reason, data={"before": _told(stored)})
    stored.delete()
    epochs.bump()


def _locked(commendation: Commendation, version: int, by: User) -> Commendation:
    _require_office(by)
    stored = Commendation.objects.select_for_update().filter(pk=commendation.pk).first()
    if stored is None:
        raise OutOfScope()
    if stored.version != version:
        raise Stale("Người khác vừa sửa dòng này. Xem lại rồi sửa tiếp.", field="name", version=stored.version)
    return stored


def _require_office(by: User) -> None:
    if not has_permission(by, Permission.RECORD_DECISIONS):
        raise OutOfScope()


def _require_sense(said: dict[str, Any]) -> None:
    if not 2000 <= said["year"] <= timezone.localdate().year:
        raise Refused("Năm từ 2000 đến năm nay.", field="year", code="out_of_range")
    if said["recipient"] not in Commendation.Recipient.values:
        raise Refused("Chọn tập thể hoặc cá nhân.", field="recipient", code="unknown")
    if said["awarded_on"] and said["awarded_on"] > timezone.localdate():
        raise Refused("Ngày trao không được sau hôm nay.", field="awarded_on", code="future")


def _names(names: list[str], year: int, recipient: str, *, others: Any = None, field: str = "names") -> list[str]:
    """The names in order; Refused with every wrong line in `faults`."""
    cleaned = [name for name in map(one_line, names) if name]
    if not cleaned:
        raise Refused("Ghi ít nhất một tên.", field=field, code="required")
    if len(cleaned) > MOST:
        raise Refused(f"Nhiều nhất {MOST} tên một lần.", field=field, code="too_many")
    rows = Commendation.objects.all() if others is None else others
    known = {name.casefold() for name in rows.filter(year=year, recipient=recipient).values_list("name", flat=True)}
    faults = []
    for number, name in enumerate(cleaned, start=1):
        if len(name) > _LONGEST:
            faults.append(f"Dòng {number}: tên dài quá {_LONGEST} ký tự.")
        elif name.casefold() in known:
            faults.append(f"Dòng {number}: {name} đã có trong năm {year}.")
        known.add(name.casefold())
    if faults:
        message = faults[0] if len(cleaned) == 1 else f"{len(faults)} dòng không ghi được; chưa ghi gì."
        raise Refused(message, field=field, code="names", faults=faults)
    return cleaned


def _told(row: Commendation) -> dict[str, Any]:
    """A commendation as the trail tells it."""
    return {name: str(getattr(row, name) or "") if name == "awarded_on" else getattr(row, name) for name in _FIELDS}

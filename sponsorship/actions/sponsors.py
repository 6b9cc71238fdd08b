"""Sponsors and the communes that the province assigned to them."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import search_key
from communes import epochs
from communes.models import Area, Level, Village
from sponsorship.actions.shared import require_anywhere, stamp, text
from sponsorship.models import Assignment, Sponsor

LONGEST_NAME = 200


@transaction.atomic
def add(*, name: str, kind: str, is_anonymous: bool, by: User) -> Sponsor:
    """Record who sponsors. Raises Refused where a sponsor of that name and kind is known."""
    epochs.bump()
    require_anywhere(by, Permission.KEEP_LEDGER)
    made = Sponsor(is_anonymous=is_anonymous, **_said(name, kind), **stamp(by))
    _require_new(made)
    made.save()
    audit.record(by=by, action="sponsor.add", subject=made, data=_told(made))
    return made


@transaction.atomic
def correct(*, sponsor: Sponsor, version: int, name: str, kind: str, is_anonymous: bool, by: User) -> Sponsor:
    """Correct a sponsor: by who recorded it, or by the province. Raises Stale where somebody else was first."""
    epochs.bump()
    stored = Sponsor.objects.select_for_update(of=("self",)).filter(pk=sponsor.pk).first()
    if stored is None or not may_correct(by, stored):
        raise OutOfScope
    if stored.version != version:
        kind = stored.get_kind_display()
        message = f"Người khác vừa sửa, hiện nay: {stored.name}, {kind}. Gửi lại là thay tên và loại này."
        raise Stale(message, field="name", version=stored.version)
    before = _told(stored)
    for field, value in _said(name, kind).items():
        setattr(stored, field, value)
    stored.is_anonymous, stored.version = is_anonymous, stored.version + 1
    _require_new(stored)
    stored.save()
    audit.record(by=by, action="sponsor.correct", subject=stored, data={"before": before, "after": _told(stored)})
    return stored


def may_correct(user: User, sponsor: Sponsor) -> bool:
    """Whoever recorded a sponsor, and the province office."""
    is_own = sponsor.recorded_by_id == user.pk and has_permission(user, Permission.KEEP_LEDGER)
    return is_own or has_permission(user, Permission.CLOSE_LEDGER)


def _said(name: str, kind: str) -> dict[str, str]:
    cleaned = text(name, "name", LONGEST_NAME, "Ghi tên nhà tài trợ.")
    if kind not in Sponsor.Kind.values:
        raise Refused("Chọn loại trong danh sách.", field="kind", code="unknown")
    return {"name": cleaned, "kind": kind, "search_key": search_key(cleaned)[:240]}


def _require_new(sponsor: Sponsor) -> None:
    """One who asked not to be named may stand twice: nobody learns from a refusal who is known."""
    same = Sponsor.objects.filter(search_key=sponsor.search_key, kind=sponsor.kind, is_anonymous=False)
    if not sponsor.is_anonymous and same.exclude(pk=sponsor.pk).exists():
        raise Refused("Nhà tài trợ này đã được ghi.", field="name", code="known")


def _told(sponsor: Sponsor) -> dict[str, object]:
    named = {} if sponsor.is_anonymous else {"name": sponsor.name}
    return {**named, "kind": sponsor.kind, "is_anonymous": sponsor.is_anonymous}


@transaction.atomic
def assign(
    *,
    sponsor: Sponsor,
    decision: str,
    decided_on: dt.date,
    areas: Iterable[Area],
    year_from: int,
    by: User,
    year_to: int | None = None,
    villages: Iterable[Village] = (),
) -> Assignment:
    """Record that the province assigned or approved a sponsor for communes and villages, for some years."""
    epochs.bump()
    require_anywhere(by, Permission.CLOSE_LEDGER)
    communes, hamlets = list(dict.fromkeys(areas)), list(dict.fromkeys(villages))
    _require_places(communes, hamlets)
    if year_to is not None and year_to < year_from:
        raise Refused("Năm cuối không được trước năm đầu.", field="year_to", code="out_of_order")
    number = text(decision, "decision", 60, "Ghi số văn bản giao.")
    if Assignment.objects.filter(sponsor=sponsor, decision=number, decided_on=decided_on).exists():
        raise Refused("Văn bản này đã được ghi cho nhà tài trợ này.", field="decision", code="recorded")
    years = {"year_from": year_from, "year_to": year_to}
    made = Assignment.objects.create(sponsor=sponsor, decision=number, decided_on=decided_on, **years, **stamp(by))
    made.areas.set(communes)
    made.villages.set(hamlets)
    data = {"number": number, "units": [area.code for area in communes], "villages": [row.pk for row in hamlets]}
    audit.record(by=by, action="sponsor.assign", subject=made, data=data)
    return made


def _require_places(communes: list[Area], villages: list[Village]) -> None:
    if not communes and not villages:
        raise Refused("Ghi ít nhất một xã hoặc thôn.", field="areas", code="required")
    if wrong := [area.name for area in communes if area.level != Level.COMMUNE]:
        raise Refused(f"{wrong[0]} không phải đơn vị cấp xã.", field="areas", code="level")

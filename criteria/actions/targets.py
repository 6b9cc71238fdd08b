"""The plan of a year."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from accounts.text import one_line, search_key
from communes import epochs
from communes.models import Area
from criteria.models import Target

_TOO_LARGE = Decimal(10) ** 10
_LONGEST = {"name": 200, "unit": 30, "source": 1000}
_WORDS = {"name": "Ghi tên mục tiêu.", "unit": "Ghi đơn vị tính."}


@transaction.atomic
def set_target(
    *,
    area: Area,
    year: int,
    name: str,
    value: Decimal,
    unit: str,
    by: User | None,
    measure: str = "",
    is_minimum: bool = False,
    named: Iterable[Area] = (),
    source: str = "",
    decided_on: dt.date | None = None,
    version: int | None = None,
) -> Target:
    """Set or replace one measure of the plan; the earlier figure stays in the audit trail.

    Without `measure` the name makes one. `version` is what the person read: 0 for a measure that was not there.
    Raises Refused (field named), Stale where somebody else set it meanwhile, OutOfScope.
    """
    if by is not None and area.pk not in granted_area_ids(by, Permission.SET_TARGETS):
        raise OutOfScope()
    epochs.bump()
    said: dict[str, Any] = {"name": one_line(name), "unit": one_line(unit), "source": one_line(source), "value": value}
    _require_sense(said, year)
    measure = measure or slugify(search_key(said["name"]))[:40]
    if not measure:
        raise Refused("Tên mục tiêu phải có chữ.", field="name", code="no_letters")
    before = Target.objects.select_for_update().filter(area=area, year=year, measure=measure).first()
    told = _told(before) if before else None
    _require_version(before, version)
    said |= {"is_minimum": is_minimum, "decided_on": decided_on, "set_by": by}
    target = _stored(before, area, year, measure, said)
    target.areas.set(named)
    data = {"year": year, "measure": measure, "before": told, "after": _told(target)}
    audit.record(by=by, action="target.set", subject=target, data=data)
    return target


def _require_sense(said: dict[str, Any], year: int) -> None:
    for field, message in _WORDS.items():
        if not said[field]:
            raise Refused(message, field=field, code="required")
    for field, longest in _LONGEST.items():
        if len(said[field]) > longest:
            raise Refused(f"Dài quá {longest} ký tự.", field=field, code="too_long")
    if not 2000 <= year <= 2100:
        raise Refused("Năm từ 2000 đến 2100.", field="year", code="out_of_range")
    value = said["value"]
    if not 0 <= value < _TOO_LARGE or (said["unit"] == "%" and value > 100):
        raise Refused("Mục tiêu phải từ 0; tỷ lệ không quá 100%.", field="value", code="out_of_range")
    if value != round(value, 2):
        raise Refused("Nhiều nhất hai chữ số sau dấu phẩy.", field="value", code="too_fine")


def _require_version(before: Target | None, version: int | None) -> None:
    if version is None or version == (before.version if before else 0):
        return
    theirs = _told(before) if before else None
    message = "Người khác vừa đặt mục tiêu này. Xem mức hiện nay rồi ghi lại."
    raise Stale(message, field="value", theirs=theirs, version=before.version if before else 0)


def _stored(before: Target | None, area: Area, year: int, measure: str, said: dict[str, Any]) -> Target:
    if before is None:
        last = Target.objects.filter(area=area, year=year).aggregate(last=Max("ordinal"))["last"] or 0
        said = {**said, "ordinal": last + 1, "version": 1}
        return Target.objects.create(area=area, year=year, measure=measure, **said)
    for field, value in said.items():
        setattr(before, field, value)
    before.version += 1
    before.save(update_fields=[*said, "version"])
    return before


def _told(target: Target) -> dict[str, Any]:
    """A target as the history tells it."""
    return {
        "name": target.name,
        "value": f"{target.value.normalize():f}",
        "unit": target.unit,
        "is_minimum": target.is_minimum,
        "units": sorted(target.areas.values_list("code", flat=True)),
        "source": target.source,
        "decided_on": target.decided_on.isoformat() if target.decided_on else None,
    }

"""The plan of a year."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes import epochs
from communes.models import Area
from criteria.models import Target


@transaction.atomic
def set_target(
    *,
    area: Area,
    year: int,
    measure: str,
    name: str,
    value: Decimal,
    unit: str,
    by: User | None,
    is_minimum: bool = False,
    named: Iterable[Area] = (),
    source: str = "",
) -> Target:
    """Set or replace one measure of the plan; the earlier figure stays in the audit trail."""
    if by is not None and area.pk not in granted_area_ids(by, Permission.SET_TARGETS):
        raise OutOfScope()
    if value < 0 or (unit == "%" and value > 100):
        raise Refused("Mục tiêu phải từ 0; tỷ lệ không quá 100%.", field="value", code="out_of_range")
    before = Target.objects.filter(area=area, year=year, measure=measure).values("value", "unit").first()
    target, _ = Target.objects.update_or_create(
        area=area,
        year=year,
        measure=measure,
        defaults={
            "name": name,
            "value": value,
            "unit": unit,
            "is_minimum": is_minimum,
            "source": source,
            "set_by": by,
        },
    )
    target.areas.set(named)
    before_text = {key: str(text) for key, text in before.items()} if before else None
    audit.record(by=by, action="target.set", subject=target, data={"before": before_text, "value": str(value)})
    epochs.bump()
    return target

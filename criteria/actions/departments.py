"""Which department answers for which criterion, as the province office assigns it."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.errors import NotAllowed, Refused
from accounts.models import Department, User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes import epochs
from communes.models import Area
from criteria.models import Criterion, LeadDepartment


@transaction.atomic
def assign_department(
    *, criterion: Criterion, department: Department, valid_from: dt.date, by: User | None
) -> LeadDepartment:
    """Make `department` answer for `criterion` from a day on; the one before it ends on the day before.

    Raises NotAllowed, Refused (the department does not exist then; the day is before the set's first year).
    The same assignment again changes nothing and is accepted: a double submit is harmless.
    """
    served = Area.objects.get(code=settings.PROVINCE_CODE, level="province")
    if by is not None and served.pk not in granted_area_ids(by, Permission.ASSIGN_DEPARTMENTS):
        raise NotAllowed("Chỉ Văn phòng Điều phối NTM tỉnh được phân công sở, ngành.")
    _require_possible(criterion, department, valid_from)
    Criterion.objects.select_for_update().get(pk=criterion.pk)  # one assignment of a criterion at a time
    wanted = {"department": department, "valid_from": valid_from, "is_illustrative": bool(by and by.is_demo)}
    if standing := criterion.lead_departments.filter(valid_to=None, **wanted).first():
        return standing
    before = _end_earlier(criterion, valid_from)
    lead = LeadDepartment.objects.create(criterion=criterion, set_by=by, **wanted)
    data = {"criterion": criterion.code, "department": department.code, "from": valid_from.isoformat()}
    audit.record(by=by, action="department.assign", subject=lead, data={**data, "before": before})
    epochs.bump()
    return lead


def _require_possible(criterion: Criterion, department: Department, valid_from: dt.date) -> None:
    starts = criterion.criteria_set.effective_from
    if valid_from.year < starts.year:
        raise Refused(f"Bộ tiêu chí này có từ năm {starts.year}. Chọn ngày từ năm đó.", field="valid_from")
    since, until = department.valid_from or dt.date.min, department.valid_to or dt.date.max
    if not since <= valid_from <= until:
        raise Refused(f"{department.name} không còn hoặc chưa có vào ngày này.", field="department")


def _end_earlier(criterion: Criterion, valid_from: dt.date) -> list[str]:
    """End what reaches past `valid_from`, remove what starts later; returns the codes of those departments."""
    reaching = criterion.lead_departments.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
    codes = list(reaching.order_by("pk").values_list("department__code", flat=True))
    reaching.filter(valid_from__gte=valid_from).delete()
    reaching.update(valid_to=valid_from - dt.timedelta(days=1))
    return codes

"""Which department answers for which criterion, as the province office assigns it."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.errors import NotAllowed
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
    """Make `department` answer for `criterion` from a day on; the one before it ends on the day before."""
    served = Area.objects.get(code=settings.PROVINCE_CODE, level="province")
    if by is not None and served.pk not in granted_area_ids(by, Permission.ASSIGN_DEPARTMENTS):
        raise NotAllowed("Chỉ Văn phòng Điều phối NTM tỉnh được phân công sở, ngành.")
    earlier = criterion.lead_departments.filter(valid_to=None)
    earlier.filter(valid_from__gte=valid_from).delete()
    earlier.update(valid_to=valid_from - dt.timedelta(days=1))
    lead = LeadDepartment.objects.create(
        criterion=criterion,
        department=department,
        valid_from=valid_from,
        is_illustrative=bool(by and by.is_demo),
        set_by=by,
    )
    data = {"criterion": criterion.code, "department": department.code, "from": valid_from.isoformat()}
    audit.record(by=by, action="department.assign", subject=lead, data=data)
    epochs.bump()
    return lead

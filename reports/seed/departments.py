"""Departments, and an illustrative assignment of every criterion to one of them."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Department
from communes.models import Area
from criteria.models import Criterion, LeadDepartment
from reports.seed import files


def load(province: Area) -> int:
    """Write the departments and give every criterion of every set one; returns how many rows."""
    plan = files.document("departments.yaml")
    rows = [Department(code=entry["code"], name=entry["name"]) for entry in plan["departments"]]
    Department.objects.bulk_create(rows, ignore_conflicts=True)
    by_code = {row.code: row for row in Department.objects.all()}
    leads = LeadDepartment.objects.bulk_create(_leads(plan, by_code), batch_size=200)
    return len(rows) + len(leads)


def _leads(plan: dict[str, Any], by_code: dict[str, Department]) -> Iterator[LeadDepartment]:
    assigned = {
        (slug, criterion): code
        for slug, departments in plan["assignments"].items()
        for code, criteria in departments.items()
        for criterion in criteria
    }
    unled = Criterion.objects.filter(lead_departments=None).select_related("criteria_set")
    for criterion in unled.order_by("criteria_set__slug", "id"):
        code = assigned.get((criterion.criteria_set.slug, criterion.code), plan["otherwise"])
        yield LeadDepartment(
            criterion=criterion,
            department=by_code[code],
            valid_from=plan["valid_from"],
            is_illustrative=True,
        )

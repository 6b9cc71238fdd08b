"""Which department answers for each criterion of the sets that have an open round."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Department
from criteria.models import CriteriaSet, Criterion, LeadDepartment, Period, Round

_ROLES = Criterion.Role.values
_ORDER = ("criteria_set__level", "criteria_set__effective_from", "criteria_set__name", "period__ends_on")


@dataclass(frozen=True)
class InPeriod:
    """Who appraises an open period's values: the department of the period's last day, None if nobody can."""

    period: Period
    lead: LeadDepartment | None


@dataclass(frozen=True)
class Charge:
    """A criterion with the department that answers today, and the open periods in which another one does."""

    criterion: Criterion
    today: LeadDepartment | None
    otherwise: list[InPeriod]
    is_computed: bool
    on: dt.date

    @property
    def gone_on(self) -> dt.date | None:
        """The last day of a department that no longer exists, though the criterion is still its."""
        last = self.today.department.valid_to if self.today else None
        return last if last and last < self.on else None

    @property
    def nobody(self) -> bool:
        """Whether no department could appraise a value of this criterion in some open period, or from today on."""
        return not self.is_computed and (self.today is None or any(each.lead is None for each in self.otherwise))


@dataclass(frozen=True)
class ChargesOf:
    """A set with an open round and its criteria."""

    criteria_set: CriteriaSet
    periods: list[Period]
    charges: list[Charge]

    @property
    def nobody(self) -> int:
        return sum(charge.nobody for charge in self.charges)


def charges(on: dt.date) -> list[ChargesOf]:
    """Each set with an open round, its criteria and their departments on `on`: three queries."""
    rounds = Round.objects.filter(closed_on=None).select_related("period", "criteria_set").order_by(*_ORDER)
    found: dict[int, ChargesOf] = {}
    for each in rounds:
        found.setdefault(each.criteria_set_id, ChargesOf(each.criteria_set, [], [])).periods.append(each.period)
    leads: dict[int, list[LeadDepartment]] = defaultdict(list)
    for lead in history(Q(criterion__criteria_set__in=list(found))):
        leads[lead.criterion_id].append(lead)
    for criterion in _criteria(found):
        of_set = found[criterion.criteria_set_id]
        of_set.charges.append(_charge(criterion, leads[criterion.pk], of_set.periods, on))
    return list(found.values())


def _criteria(set_ids: Iterable[int]) -> list[Criterion]:
    entered = Count("indicators__inputs", filter=Q(indicators__inputs__derived__isnull=True))
    rows = Criterion.objects.filter(criteria_set__in=list(set_ids))
    counted = rows.annotate(entered=entered, in_all=Count("indicators__inputs"))
    return sorted(counted, key=lambda c: (_ROLES.index(c.role), c.bit))


def _charge(criterion: Criterion, leads: list[LeadDepartment], periods: list[Period], on: dt.date) -> Charge:
    today = lead_on(leads, on)
    by_period = [InPeriod(period, lead_on(leads, period.ends_on)) for period in periods]
    otherwise = [each for each in by_period if each.lead != today]
    is_computed = criterion.in_all > 0 and criterion.entered == 0  # type: ignore[attr-defined]
    return Charge(criterion, today, otherwise, is_computed, on)


def lead_on(leads: list[LeadDepartment], on: dt.date) -> LeadDepartment | None:
    """The assignment in force on a day; the newest where two are."""
    held = [each for each in leads if (each.valid_from or on) <= on <= (each.valid_to or on)]
    return held[-1] if held else None


def history(condition: Q) -> QuerySet[LeadDepartment]:
    """Assignments, oldest first."""
    rows = LeadDepartment.objects.filter(condition).select_related("department", "set_by")
    return rows.order_by("valid_from", "pk")


def departments_on(on: dt.date) -> QuerySet[Department]:
    """Departments that exist on a day, by name."""
    return Department.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
    ).order_by("name")


def without_criteria(found: list[ChargesOf], on: dt.date) -> list[Department]:
    """Departments of the day that answer for nothing in the open sets, neither today nor in an open period."""
    charges_of = [charge for each in found for charge in each.charges]
    leads = [charge.today for charge in charges_of] + [each.lead for c in charges_of for each in c.otherwise]
    busy = {lead.department_id for lead in leads if lead}
    return [department for department in departments_on(on) if department.pk not in busy]

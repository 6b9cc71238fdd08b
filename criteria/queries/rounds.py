"""Rounds as the province office lists them."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from criteria.models import Assessment, CriteriaSet, Period, Reading, Round, State


def rounds() -> QuerySet[Round]:
    """Newest first, each with `units`, `values_in_all` and `approved` counted."""
    folders = Assessment.objects.filter(round=OuterRef("pk")).order_by().values("round")
    values = Reading.objects.filter(assessment__round=OuterRef("pk")).order_by().values("assessment__round")
    approved = Count("pk", filter=Q(state=State.APPROVED))
    return (
        Round.objects.select_related("period", "criteria_set", "opened_by", "closed_by")
        .annotate(
            units=_counted(folders.annotate(n=Count("pk"))),
            values_in_all=_counted(values.annotate(n=Count("pk"))),
            approved=_counted(values.annotate(n=approved)),
        )
        .order_by("-period__ends_on", "criteria_set__level", "criteria_set__name", "pk")
    )


def _counted(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0)


def open_periods(criteria_set: CriteriaSet) -> QuerySet[Period]:
    """Periods in which the set has an open round, oldest first."""
    return Period.objects.filter(rounds__criteria_set=criteria_set, rounds__closed_on=None).order_by("ends_on")

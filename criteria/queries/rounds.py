"""Rounds as the province office lists them, and the periods that one can be opened for."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from criteria.models import Assessment, CriteriaSet, Period, Reading, Round, State

_YEARS_BACK = 3


def rounds() -> QuerySet[Round]:
    """The province's, newest first, each with `units`, `values_in_all` and `approved` counted."""
    folders = Assessment.objects.filter(round=OuterRef("pk")).order_by().values("round")
    values = Reading.objects.filter(assessment__round=OuterRef("pk")).order_by().values("assessment__round")
    approved = Count("pk", filter=Q(state=State.APPROVED))
    return (
        Round.objects.filter(province__code=settings.PROVINCE_CODE)
        .select_related("period", "criteria_set", "opened_by", "closed_by")
        .annotate(
            units=_counted(folders.annotate(n=Count("pk"))),
            values_in_all=_counted(values.annotate(n=Count("pk"))),
            approved=_counted(values.annotate(n=approved)),
        )
        .order_by("-period__ends_on", "criteria_set__level", "criteria_set__name", "pk")
    )


@dataclass(frozen=True)
class RoundPage:
    """One round with what closing it now would leave behind. Values that the portal computes are left out."""

    round: Round
    by_state: list[tuple[str, int]]
    unfinished: int
    unfinished_units: int
    folders: list[Assessment]

    @property
    def exceptions(self) -> list[Assessment]:
        """Units with a deadline of their own."""
        return [folder for folder in self.folders if folder.due_on]


def round_page(round_id: int) -> RoundPage | None:
    """The round with its counts: the same few statements however many units it has."""
    found = rounds().select_related("province").filter(pk=round_id).first()
    if found is None:
        return None
    own = Reading.objects.filter(assessment__round=found, input__derived__isnull=True).order_by()
    counts = dict(own.values_list("state").annotate(n=Count("pk")))
    open_ = own.exclude(state=State.APPROVED)
    folders = found.assessments.select_related("area", "round").order_by("area__sort_key", "pk")
    return RoundPage(
        found,
        [(state.label, counts[state]) for state in State if state in counts],
        sum(counts.values()) - counts.get(State.APPROVED, 0),
        open_.aggregate(n=Count("assessment", distinct=True))["n"],
        list(folders),
    )


def _counted(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0)


def open_periods(criteria_set: CriteriaSet) -> QuerySet[Period]:
    """Periods in which the set has an open round, oldest first."""
    return Period.objects.filter(rounds__criteria_set=criteria_set, rounds__closed_on=None).order_by("ends_on")


def period_of(year: int, half: int = 0) -> Period:
    """A year, or its first or second half, as it would be kept."""
    first, last = ((1, 12), (1, 6), (7, 12))[half]
    return Period(
        code=f"{year}-h{half}" if half else str(year),
        kind=Period.Kind.HALF if half else Period.Kind.YEAR,
        year=year,
        starts_on=dt.date(year, first, 1),
        ends_on=dt.date(year, last, calendar.monthrange(year, last)[1]),
    )


def openable_periods() -> dict[str, Period]:
    """Periods by their code, the latest first: those in use, and years with their halves up to the next year."""
    used = {period.code: period for period in Period.objects.all()}
    last = timezone.localdate().year + 1
    first = min([last - _YEARS_BACK, *(period.year for period in used.values())])
    new = [period_of(year, half) for year in range(first, last + 1) for half in (0, 1, 2)]
    every = {period.code: period for period in new} | used
    return dict(sorted(every.items(), key=lambda each: (-each[1].year, each[1].kind != Period.Kind.YEAR, each[0])))

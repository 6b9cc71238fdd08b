"""What waits for a step that this person may take now: values, and whole folders to verify."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.models import Level, Placement
from criteria.models import Assessment, Reading
from criteria.procedure import Step, procedures
from criteria.queries import history, wording
from criteria.queries.scope import readings_in_scope, waiting_for

PAGE = 40
STEPS = (Step.VERIFY, Step.APPRAISE, Step.APPROVE)
# How the steps are called on buttons and headings.
STEP_WORDS = {Step.VERIFY: "Thẩm tra", Step.APPRAISE: "Thẩm định", Step.APPROVE: "Phê duyệt"}
_LOADED = (
    "input__indicator__criterion",
    "assessment__area",
    "assessment__round__period",
    "assessment__round__criteria_set",
    "threshold",
    "entered_by",
    "submitted_by",
    "verified_by",
    "appraised_by",
    "approved_by",
    "returned_by",
)


@dataclass(frozen=True)
class Waiting:
    """One value in the queue."""

    reading: Reading
    previous: Reading | None
    days: int
    district: str = ""

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

    @property
    def requirement(self) -> str:
        return wording.requirement(self.reading.input, self.reading.threshold)

    @property
    def why_open(self) -> str:
        return "no_threshold" if self.reading.threshold is None else ""

    @property
    def before(self) -> str:
        return wording.shown_reading(self.previous)


@dataclass(frozen=True)
class FolderWaiting:
    """One unit whose submitted values wait to be verified as a whole."""

    assessment: Assessment
    waiting: int
    oldest: dt.datetime


@dataclass(frozen=True)
class Queue:
    """A page of the queue at one step; `after` is where the next page starts."""

    step: Step | None
    counts: dict[Step, int]
    values: list[Waiting]
    folders: list[FolderWaiting]
    after: int | None


def at_step(step: Step) -> Q:
    """Condition on readings: standing before `step`, by the procedure of their level and period."""
    condition = Q(pk__in=[])
    for procedure in procedures():
        if step in procedure.roles:
            condition |= Q(
                state=procedure.state_before(step),
                assessment__area__level=procedure.level,
                assessment__round__period__ends_on__range=(procedure.starts_on, procedure.ends_on),
            )
    return condition


def counts(user: User) -> dict[Step, int]:
    """How many values wait for this person, by step; steps without any are left out."""
    found = waiting_for(user).order_by().aggregate(**{step: Count("pk", filter=at_step(step)) for step in STEPS})
    return {step: found[step] for step in STEPS if found[step]}


def queue(user: User, *, step: Step | None = None, after: int = 0) -> Queue:
    """The page of `step` (the first that has work, if none is named) that follows reading or folder `after`."""
    waiting = counts(user)
    step = step if step in waiting else next(iter(waiting), None)
    if step is None:
        return Queue(None, {}, [], [], None)
    values = waiting_for(user).filter(at_step(step))
    if step is Step.VERIFY:
        folders = _folders(values, after)
        return Queue(step, waiting, [], folders[:PAGE], _next([f.assessment for f in folders]))
    rows = list(with_everything(values.filter(pk__gt=after)).order_by("pk")[: PAGE + 1])
    return Queue(step, waiting, as_waiting(rows[:PAGE]), [], _next(rows))


def _next(rows: list) -> int | None:
    return rows[PAGE - 1].pk if len(rows) > PAGE else None


def _folders(values: QuerySet[Reading], after: int) -> list[FolderWaiting]:
    rows = (
        values.filter(assessment_id__gt=after)
        .order_by("assessment_id")
        .values("assessment_id")
        .annotate(waiting=Count("pk"), oldest=Min("submitted_at"))[: PAGE + 1]
    )
    found = {row["assessment_id"]: row for row in rows}
    folders = Assessment.objects.select_related("area", "round__period", "round__criteria_set").in_bulk(list(found))
    return [FolderWaiting(folders[pk], row["waiting"], row["oldest"]) for pk, row in found.items()]


def with_everything(values: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with all that a row or an item shows."""
    return history.with_previous(values).select_related(*_LOADED)


def as_waiting(rows: list[Reading]) -> list[Waiting]:
    """Queue rows with the period before, the district and the days since they were submitted."""
    before, districts, now = history.previous_of(rows), _districts_of(rows), timezone.now()
    return [
        Waiting(
            reading=row,
            previous=before.get(row.pk),
            days=(now - (row.submitted_at or now)).days,
            district=districts.get((row.assessment.area_id, row.assessment.round.period_id), ""),
        )
        for row in rows
    ]


def _districts_of(rows: list[Reading]) -> dict[tuple[int, int], str]:
    """(unit, period) → the district it stood in on the period's last day: one query."""
    ends = {
        (row.assessment.area_id, row.assessment.round.period_id): row.assessment.round.period.ends_on for row in rows
    }
    placements = Placement.objects.filter(area_id__in={unit for unit, _ in ends}, parent__level=Level.DISTRICT)
    found = {}
    for placement in placements.annotate(district=F("parent__short_name")):
        start, stop = placement.valid_from or dt.date.min, placement.valid_to or dt.date.max
        for (unit, period), end in ends.items():
            if unit == placement.area_id and start <= end <= stop:
                found[unit, period] = placement.district
    return found


@dataclass(frozen=True)
class FolderPage:
    """A folder that waits to be verified as a whole: its values with the period before."""

    assessment: Assessment
    values: list[Waiting]


def folder(user: User, assessment_id: int) -> FolderPage:
    """The submitted values of one folder that this person may verify now; OutOfScope where none may be seen."""
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment_id=assessment_id)
    if not in_sight.exists():
        raise OutOfScope
    assessment = Assessment.objects.select_related("area", "round__period", "round__criteria_set").get(pk=assessment_id)
    waiting = waiting_for(user).filter(at_step(Step.VERIFY), assessment_id=assessment_id)
    return FolderPage(
        assessment,
        as_waiting(
            list(
                with_everything(waiting).order_by(
                    "input__indicator__criterion__bit", "input__indicator__ordinal", "input__ordinal"
                )
            )
        ),
    )

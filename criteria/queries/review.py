"""What waits for a step that this person may take now, and one value with everything needed to judge it."""

import datetime as dt
import statistics
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from communes.models import Area, Placement, valid_on
from communes.queries import placement_of
from criteria.models import Assessment, Reading, State, Threshold
from criteria.procedure import Step, procedure_for, procedures
from criteria.queries import history, wording
from criteria.queries.scope import readings_in_scope, steps_open_to, waiting_for
from criteria.queries.sheet import threshold_of
from criteria.resolving import resolver_for

PAGE = 40
STEPS = (Step.VERIFY, Step.APPRAISE, Step.APPROVE)
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

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

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
    """Queue rows with the period before and the days since they were submitted."""
    before, now = history.previous_of(rows), timezone.now()
    return [Waiting(r, before.get(r.previous_id), (now - (r.submitted_at or now)).days) for r in rows]


@dataclass(frozen=True)
class TrailStep:
    """One step of a value's way: who took it and when, or who it waits for."""

    name: str
    by: str
    at: dt.datetime | None
    is_current: bool


@dataclass(frozen=True)
class Peers:
    """The same value in the other units of the district: median and spread, for scale only."""

    count: int
    median: Decimal
    values: list[Decimal]


@dataclass(frozen=True)
class Item:
    """One value with what is needed to judge it."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None
    district: Area | None
    peers: Peers | None
    trail: list[TrailStep]
    events: list[AuditEvent]
    may: set[Permission]
    own: bool
    together: list[int]

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

    @property
    def before(self) -> str:
        return wording.shown_reading(self.previous)

    @property
    def requirement(self) -> str:
        return wording.requirement(self.reading.input, self.threshold)

    @property
    def gap(self) -> str:
        return wording.gap(self.reading.input, self.reading.value, self.threshold)

    @property
    def change(self) -> str:
        old = self.previous.value if self.previous else None
        return wording.change(self.reading.input, self.reading.value, old)

    @property
    def median(self) -> str:
        return wording.shown(self.reading.input, self.peers.median) if self.peers else ""

    @property
    def why_open(self) -> str:
        if self.reading.value is None and not self.reading.not_applicable:
            return "no_value"
        return "no_threshold" if self.threshold is None else ""

    @property
    def state(self) -> str:
        return wording.state(self.reading)


def item(user: User, reading_id: int) -> Item:
    """One value within the person's scope. Raises OutOfScope."""
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk=reading_id)
    reading = with_everything(in_sight).first()
    if reading is None:
        raise OutOfScope
    assessment = reading.assessment
    placement = placement_of(assessment.area, assessment.round.period.ends_on)
    district = placement.parent if placement and assessment.area.level == "commune" else None
    return Item(
        reading=reading,
        previous=history.previous_of([reading]).get(reading.previous_id),
        threshold=threshold_of(reading, resolver_for(assessment.round, assessment.area), assessment.area_id),
        district=district,
        peers=_peers(reading, district),
        trail=_trail(reading),
        events=list(audit.history_of(reading)),
        may=steps_open_to(user, reading),
        own=user.pk in _hands(reading),
        together=_together(user, reading),
    )


def _hands(reading: Reading) -> set[int | None]:
    return {reading.entered_by_id, reading.submitted_by_id, reading.verified_by_id, reading.appraised_by_id}


def _together(user: User, reading: Reading) -> list[int]:
    """Values of the same criterion in the same folder that wait for the same step of the same person."""
    rows = waiting_for(user).filter(
        assessment_id=reading.assessment_id,
        input__indicator__criterion_id=reading.input.indicator.criterion_id,
        state=reading.state,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _peers(reading: Reading, district: Area | None) -> Peers | None:
    """Entered numbers of the district's units in the same round; None for yes/no, or with fewer than three."""
    if district is None or wording.is_yes_no(reading.input):
        return None
    on = reading.assessment.round.period.ends_on
    inside = Placement.objects.filter(valid_on(on), parent=district).values("area_id")
    rows = Reading.objects.filter(
        input_id=reading.input_id,
        assessment__round_id=reading.assessment.round_id,
        assessment__area__in=inside,
        value__isnull=False,
    )
    values = sorted(rows.values_list("value", flat=True))
    return Peers(len(values), statistics.median(values), values) if len(values) >= 3 else None


_NAMES = {Step.VERIFY: ("Thẩm tra", "verified"), Step.APPRAISE: ("Thẩm định", "appraised")}


def _trail(reading: Reading) -> list[TrailStep]:
    procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
    waits_for = procedure.step_after(reading.state)
    steps = [_trail_step(reading, "Nhập", "entered", reading.state in (State.DRAFT, State.RETURNED))]
    for step, (name, stem) in {**_NAMES, Step.APPROVE: ("Phê duyệt", "approved")}.items():
        if step in procedure.roles:
            steps.append(_trail_step(reading, name, stem, step is waits_for))
    return steps


def _trail_step(reading: Reading, name: str, stem: str, is_current: bool) -> TrailStep:
    by = getattr(reading, f"{stem}_by")
    return TrailStep(name, str(by) if by else "", getattr(reading, f"{stem}_at"), is_current)


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

"""What waits for a step that this person may take now: values, and whole folders to verify."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from criteria.models import Assessment, Reading
from criteria.procedure import Step, procedures
from criteria.queries.scope import LONG_AGO, readings_in_scope, waiting_for
from criteria.queries.waiting import Waiting, as_waiting, waiting_since, with_everything

PAGE = 40
STEPS = (Step.VERIFY, Step.APPRAISE, Step.APPROVE)
# How the steps are called on buttons and headings.
STEP_WORDS = {Step.VERIFY: "Thẩm tra", Step.APPRAISE: "Thẩm định", Step.APPROVE: "Phê duyệt"}


@dataclass(frozen=True)
class Filter:
    """What of the queue is looked at; empty = everything. Written in addresses, so that it can be kept as a link."""

    criterion: int | None = None
    unit: str = ""
    flagged: bool = False
    days: int = 0  # waiting at least so long

    def __bool__(self) -> bool:
        return self != Filter()

    def of_readings(self) -> Q:
        """Condition on the rows of `waiting_for`."""
        condition = Q()
        if self.days:
            condition &= Q(waiting_since__lte=timezone.now() - dt.timedelta(days=self.days))
        if self.criterion:
            condition &= Q(input__indicator__criterion_id=self.criterion)
        if self.unit:
            condition &= Q(assessment__area__code=self.unit)
        return condition & ~Q(flags=0) if self.flagged else condition

    @property
    def query(self) -> str:
        """The filter as the end of an address: &tieu-chi=5&don-vi=18502&canh-bao=1."""
        said: dict[str, int | str | None] = {
            "tieu-chi": self.criterion,
            "don-vi": self.unit,
            "canh-bao": 1 if self.flagged else None,
        }
        said["cho"] = self.days
        kept = urlencode({name: value for name, value in said.items() if value})
        return f"&{kept}" if kept else ""


def query_of(step: Step | None, chosen: Filter) -> str:
    """The end of an address that keeps the step and the filter: ?buoc=approve&tieu-chi=5."""
    return f"?buoc={step or ''}{chosen.query}"


@dataclass(frozen=True)
class Narrowing:
    """What the queue can be narrowed to, each with its count: (id or code, name, how many)."""

    criteria: list[tuple[int, str, int]]
    units: list[tuple[str, str, int]]
    flagged: int


@dataclass(frozen=True)
class FolderWaiting:
    """One unit whose submitted values wait to be verified as a whole."""

    assessment: Assessment
    waiting: int
    oldest: dt.datetime  # since when its longest waiting value waits

    @property
    def since(self) -> dt.datetime | None:
        return None if self.oldest == LONG_AGO else self.oldest


@dataclass(frozen=True)
class Queue:
    """A page of the queue at one step; `after` names the row that the next page starts behind."""

    step: Step | None
    counts: dict[Step, int]
    values: list[Waiting]
    folders: list[FolderWaiting]
    after: str | None
    chosen: Filter = Filter()
    narrowing: Narrowing | None = None
    plain: int = 0  # how many of the chosen carry no flag: these may be taken at once

    @property
    def query(self) -> str:
        return query_of(self.step, self.chosen)


class Place(NamedTuple):
    """A place in the queue: how long a row has waited, then its id. Written in addresses as 1700000000000000-17."""

    since: dt.datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.since - LONG_AGO) // dt.timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that an address names; None for anything else."""
        if not re.fullmatch(r"\d{1,17}-\d{1,15}", text, re.ASCII):
            return None
        micros, pk = text.split("-")
        return cls(LONG_AGO + dt.timedelta(microseconds=int(micros)), int(pk))

    def behind(self, *, since: str, pk: str) -> Q:
        """Condition: rows that stand behind this place, by the names of their two columns."""
        return Q(**{f"{since}__gt": self.since}) | Q(**{since: self.since, f"{pk}__gt": self.pk})


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


def queue(user: User, *, step: Step | None = None, after: Place | None = None, chosen: Filter | None = None) -> Queue:
    """The page of `step` (the first that has work, if none is named) behind `after`; longest waiting first."""
    chosen = chosen or Filter()
    waiting = counts(user)
    step = step if step in waiting else next(iter(waiting), None)
    if step is None:
        return Queue(None, {}, [], [], None)
    values = waiting_for(user).filter(at_step(step))
    if step is Step.VERIFY and not chosen:
        folders = _folders(values, after)
        behind_it = _next([Place(f.oldest, f.assessment.pk) for f in folders])
        plain = values.filter(flags=0).count()
        return Queue(step, waiting, [], folders[:PAGE], behind_it, chosen, _narrowing(values), plain)
    wanted = values.filter(chosen.of_readings())
    behind = wanted.filter(after.behind(since="waiting_since", pk="pk")) if after else wanted
    rows = list(with_everything(behind)[: PAGE + 1])
    following = _next([Place(waiting_since(row), row.pk) for row in rows])
    plain = wanted.filter(flags=0).count()
    return Queue(step, waiting, as_waiting(rows[:PAGE]), [], following, chosen, _narrowing(values), plain)


def _narrowing(values: QuerySet[Reading]) -> Narrowing:
    """The criteria and units in the queue: two statements, however many there are."""
    criterion, unit = "input__indicator__criterion", "assessment__area"
    criteria = values.order_by().values_list(f"{criterion}_id", f"{criterion}__code", f"{criterion}__name")
    units = values.order_by().values_list(f"{unit}__code", f"{unit}__name")
    by_criterion = criteria.annotate(n=Count("pk"), flagged=Count("pk", filter=~Q(flags=0)))
    rows = list(by_criterion.order_by(f"{criterion}__bit", f"{criterion}_id"))
    return Narrowing(
        [(pk, f"{code}. {name}", n) for pk, code, name, n, _ in rows],
        list(units.annotate(n=Count("pk")).order_by(f"{unit}__sort_key", f"{unit}__code")),
        sum(flagged for *_, flagged in rows),
    )


def _next(places: list[Place]) -> str | None:
    return str(places[PAGE - 1]) if len(places) > PAGE else None


def _folders(values: QuerySet[Reading], after: Place | None) -> list[FolderWaiting]:
    grouped = values.order_by().values("assessment_id").annotate(waiting=Count("pk"), oldest=Min("waiting_since"))
    behind = grouped.filter(after.behind(since="oldest", pk="assessment_id")) if after else grouped
    rows = {row["assessment_id"]: row for row in behind.order_by("oldest", "assessment_id")[: PAGE + 1]}
    folders = Assessment.objects.select_related("area", "round__period", "round__criteria_set").in_bulk(list(rows))
    return [FolderWaiting(folders[pk], row["waiting"], row["oldest"]) for pk, row in rows.items()]


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

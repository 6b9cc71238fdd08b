"""The work of an officer who enters: rounds open to the own units, how far each unit is, what came back."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from criteria.models import Assessment, Reading, Reminder, Round, State
from criteria.procedure import PERMISSION, Step, procedures
from criteria.queries import history, review, wording
from criteria.queries.board import COPIED, reminders_of
from criteria.queries.scope import assessments_in_scope

EMPTY = Q(readings__value=None, readings__not_applicable=False, readings__input__derived__isnull=True)


@dataclass(frozen=True)
class Folder:
    """One unit in a round, with how far it is. Counts leave out what the portal computes."""

    assessment: Assessment
    total: int
    missing: int
    returned: int
    drafts: int
    prefilled: int
    state: str
    days_left: int = 0

    @property
    def entered(self) -> int:
        """Values that somebody entered; those still as copied from the period before are counted apart."""
        return self.total - self.missing - self.prefilled

    @property
    def to_submit(self) -> int:
        """Entered values that stand with the person who enters; what came back, once it was touched."""
        return max(0, self.drafts - self.missing)


@dataclass
class RoundWork:
    """A round with the folders that the person fills in."""

    round: Round
    days_left: int
    folders: list[Folder] = field(default_factory=list)

    @property
    def entered(self) -> int:
        return sum(folder.entered for folder in self.folders)

    @property
    def prefilled(self) -> int:
        return sum(folder.prefilled for folder in self.folders)

    @property
    def total(self) -> int:
        return sum(folder.total for folder in self.folders)


@dataclass(frozen=True)
class Work:
    rounds: list[RoundWork]
    returned: list[Reading]
    enters: bool
    reminders: list[Reminder]
    unexplained: list[Reading]
    waiting: dict[Step, int]

    @property
    def to_do(self) -> int:
        """What only this desk can move on: values sent back, and values that lack their explanation."""
        return len(self.returned) + len(self.unexplained)


def enterable(user: User) -> QuerySet[Assessment]:
    """Folders that the procedure gives this person to fill in, closed rounds included."""
    condition = Q(pk__in=[])
    for procedure in procedures():
        if roles := procedure.roles.get(Step.ENTER):
            reach = assessments_in_scope(user, PERMISSION[Step.ENTER], set(roles))
            condition |= Q(
                area__level=procedure.level,
                round__period__ends_on__range=(procedure.starts_on, procedure.ends_on),
                pk__in=reach.values("pk"),
            )
    own = Q(round__province__code=settings.PROVINCE_CODE)  # said outside, where it narrows before anything is joined
    return Assessment.objects.filter(own, condition)


def my_work(user: User, today: dt.date | None = None) -> Work:
    """Open rounds, soonest first, with each unit's counts; values returned to this desk, oldest first."""
    today = today or timezone.localdate()
    by_round: dict[int, RoundWork] = {}
    for folder in _folders(enterable(user).filter(round__closed_on=None), today):
        opened = folder.assessment.round
        work = by_round.setdefault(opened.pk, RoundWork(opened, (opened.due_on - today).days))
        work.folders.append(folder)
    returned = _returned(user) if by_round else []
    reminders = reminders_of(enterable(user)) if by_round else []
    unexplained = _unexplained(user) if by_round else []
    return Work(list(by_round.values()), returned, bool(by_round), reminders, unexplained, review.counts(user))


def _folders(assessments: QuerySet[Assessment], today: dt.date) -> list[Folder]:
    own = Q(readings__input__derived__isnull=True)
    rows = (
        assessments.annotate(
            total=Count("readings", filter=own),
            missing=Count("readings", filter=EMPTY),
            returned=Count("readings", filter=Q(readings__state=State.RETURNED)),
            drafts=Count("readings", filter=own & Q(readings__state=State.DRAFT)),
            prefilled=Count("readings", filter=COPIED),
            least=Min("readings__state", filter=own),
        )
        .select_related("round__period", "round__criteria_set", "area")
        .order_by("round__due_on", "round_id", "area__sort_key", "pk")
    )
    return [
        Folder(
            assessment=row,
            total=row.total,
            missing=row.missing,
            returned=row.returned,
            drafts=row.drafts,
            prefilled=row.prefilled,
            state=wording.folder_state(row.least),
            days_left=(row.deadline - today).days,
        )
        for row in rows
    ]


def _returned(user: User, limit: int = 50) -> list[Reading]:
    return list(_of_desk(user).filter(state=State.RETURNED).order_by("returned_at", "pk")[:limit])


def _unexplained(user: User, limit: int = 50) -> list[Reading]:
    """Values that looked wrong when they were entered and hold their folder back until a note says why they stand.

    Each carries `flagged_as`: what looked wrong, in words.
    """
    found = _of_desk(user).filter(state=State.DRAFT, note="", input__derived__isnull=True)
    rows: list[Any] = list(found.exclude(flags=0).order_by("entered_at", "pk")[:limit])
    before = history.values_before(row.pk for row in rows) if rows else {}
    for row in rows:
        row.flagged_as = wording.flags(row, before.get(row.pk))
    return rows


def _of_desk(user: User) -> QuerySet[Reading]:
    folders = enterable(user).filter(round__closed_on=None)
    rows = Reading.objects.filter(assessment__in=folders.values("pk"))
    return rows.select_related("input__indicator", "assessment__area", "assessment__round__period", "returned_by")

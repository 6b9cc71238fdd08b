"""The work of an officer who enters: rounds open to the own units, how far each unit is, what came back."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from criteria.models import Assessment, Reading, Reminder, Round, State
from criteria.procedure import PERMISSION, Step, procedures
from criteria.queries import wording
from criteria.queries.board import reminders_of
from criteria.queries.scope import assessments_in_scope

COPIED = Q(
    Q(readings__value__isnull=False) | Q(readings__not_applicable=True),
    readings__origin=Reading.Origin.PREFILLED,
    readings__state=State.DRAFT,
)
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

    @property
    def entered(self) -> int:
        """Values that somebody entered; those still as copied from the period before are counted apart."""
        return self.total - self.missing - self.prefilled

    @property
    def to_submit(self) -> int:
        """Entered values that still stand with the person who enters."""
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
    return Assessment.objects.filter(condition)


def my_work(user: User, today: dt.date | None = None) -> Work:
    """Open rounds, soonest first, with each unit's counts; values returned to this desk, oldest first."""
    today = today or timezone.localdate()
    by_round: dict[int, RoundWork] = {}
    for folder in _folders(enterable(user).filter(round__closed_on=None)):
        opened = folder.assessment.round
        work = by_round.setdefault(opened.pk, RoundWork(opened, (opened.due_on - today).days))
        work.folders.append(folder)
    returned = _returned(user) if by_round else []
    reminders = reminders_of(enterable(user)) if by_round else []
    return Work(list(by_round.values()), returned, bool(by_round), reminders)


def _folders(assessments: QuerySet[Assessment]) -> list[Folder]:
    own = Q(readings__input__derived__isnull=True)
    rows = (
        assessments.annotate(
            total=Count("readings", filter=own),
            missing=Count("readings", filter=EMPTY),
            returned=Count("readings", filter=Q(readings__state=State.RETURNED)),
            drafts=Count("readings", filter=own & Q(readings__state__in=(State.DRAFT, State.RETURNED))),
            prefilled=Count("readings", filter=COPIED),
            least=Min("readings__state", filter=own),
        )
        .select_related("round__period", "round__criteria_set", "area")
        .order_by("round__due_on", "round_id", "area__sort_key", "pk")
    )
    return [
        Folder(r, r.total, r.missing, r.returned, r.drafts, r.prefilled, wording.folder_state(r.least)) for r in rows
    ]


def _returned(user: User, limit: int = 50) -> list[Reading]:
    folders = enterable(user).filter(round__closed_on=None)
    rows = Reading.objects.filter(assessment__in=folders.values("pk"), state=State.RETURNED)
    return list(
        rows.select_related(
            "input__indicator", "assessment__area", "assessment__round__period", "returned_by"
        ).order_by("returned_at", "pk")[:limit]
    )

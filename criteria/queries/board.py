"""The board of completeness: how far each unit of a round is at each step, and who is late."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.models import Level, Placement, valid_on
from criteria.models import Assessment, Reading, Round, State
from criteria.models.reminders import Reminder
from criteria.procedure import Step, procedure_for
from criteria.queries import wording
from criteria.queries.review import STEP_WORDS
from criteria.queries.scope import assessments_in_scope, readings_in_scope
from criteria.queries.sheet import Sheet, sheet

_OWN = Q(readings__input__derived__isnull=True)
_SAID = Q(readings__value__isnull=False) | Q(readings__not_applicable=True)
# Still as taken over from the period before: nobody has entered it.
COPIED = _SAID & Q(readings__origin=Reading.Origin.PREFILLED, readings__state=State.DRAFT)
# Derived values are computed: nobody hands them in.
_STEPS = {Step.VERIFY: State.VERIFIED, Step.APPRAISE: State.APPRAISED, Step.APPROVE: State.APPROVED}


LOGGED = 200


class Timing(StrEnum):
    """How a unit stands to the deadline."""

    ON_TIME = "on_time"
    LATE = "late"  # handed in whole, after the deadline
    OPEN = "open"  # not whole, the deadline has not come
    OVERDUE = "overdue"


TIMING_WORDS = {
    Timing.ON_TIME: "Nộp đúng hạn",
    Timing.LATE: "Nộp trễ",
    Timing.OPEN: "Đang nhập",
    Timing.OVERDUE: "Quá hạn",
}


@dataclass(frozen=True)
class Row:
    """One unit: counts of values, each step including those beyond it."""

    assessment: Assessment
    total: int
    filled: int
    copied: int
    submitted: int
    by_step: list[int]
    returned: int
    handed_in_on: dt.date | None
    reminded_on: dt.date | None
    timing: Timing
    days: int  # since the unit's deadline; below zero: until it
    step_words: list[str]

    @property
    def steps(self) -> list[tuple[str, int]]:
        """(what the step is called, values that took it)."""
        return list(zip(self.step_words, self.by_step, strict=True))

    @property
    def missing(self) -> int:
        return self.total - self.filled

    @property
    def entered(self) -> int:
        """Values that somebody entered; those still as copied from the period before are told apart."""
        return self.filled - self.copied

    @property
    def is_whole(self) -> bool:
        return self.submitted == self.total

    @property
    def timing_word(self) -> str:
        return TIMING_WORDS[self.timing]


@dataclass(frozen=True)
class District:
    """Rows of one district; an empty name where the units stand under no district."""

    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Batch:
    """Units reminded at one press."""

    reminders: list[Reminder]
    today: dt.date

    @property
    def first(self) -> Reminder:
        return self.reminders[0]

    @property
    def text(self) -> str:
        """What was asked, to be sent on by Zalo or e-mail."""
        opened = self.first.assessment.round
        units = "; ".join(f"{each.assessment.area.name}: {each.missing} giá trị" for each in self.reminders)
        lines = [
            f"Nhắc nộp số liệu nông thôn mới, {opened.period}: {opened.criteria_set.name}.",
            f"Hạn nộp {opened.due_on:%d/%m/%Y} ({wording.days_left((opened.due_on - self.today).days)}).",
            f"Chưa nộp: {units}.",
            self.first.note,
            "Mở mục “Việc của tôi” trên Cổng Nông thôn mới để nhập và nộp.",
            str(self.first.sent_by),
        ]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Board:
    """A round as one person sees it."""

    round: Round
    steps: list[str]
    districts: list[District]
    others: list[Round]
    may_remind: set[int]
    today: dt.date
    log: list[Batch]

    @property
    def rows(self) -> list[Row]:
        return [row for district in self.districts for row in district.rows]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(timing, word, units) in the order of Timing."""
        rows = self.rows
        return [(t.value, TIMING_WORDS[t], sum(row.timing is t for row in rows)) for t in Timing]

    @property
    def to_remind(self) -> list[Row]:
        """Units not handed in whole, that this person may remind and that were not reminded today."""
        return [
            row
            for row in self.rows
            if not row.is_whole and row.assessment.pk in self.may_remind and row.reminded_on != self.today
        ]

    @property
    def days_left(self) -> int:
        return (self.round.due_on - self.today).days


def board(user: User, round_id: int | None = None) -> Board:
    """The board of a round for the units in sight; the busiest of those open and due next, if none is named.

    Raises OutOfScope.
    """
    mine = assessments_in_scope(user, Permission.SEE_DRAFTS)
    rounds = list(
        Round.objects.filter(assessments__in=mine.values("pk"))
        .select_related("period", "criteria_set")
        .distinct()
        .order_by("due_on", "pk")
    )
    chosen = _chosen(rounds, round_id)
    procedure = procedure_for(chosen.criteria_set.level, chosen.period.ends_on)
    steps = [step for step in _STEPS if step in procedure.roles]
    today = timezone.localdate()
    rows = [_row(found, chosen, steps, today) for found in _counted(mine.filter(round=chosen))]
    may = set(assessments_in_scope(user, Permission.RETURN).filter(round=chosen).values_list("pk", flat=True))
    log = _log(mine.filter(round=chosen), today)
    return Board(chosen, [STEP_WORDS[step] for step in steps], _by_district(rows, chosen), rounds, may, today, log)


def _log(folders: QuerySet[Assessment], today: dt.date) -> list[Batch]:
    """The latest reminders of the folders, press by press, newest first."""
    found: dict[tuple[dt.datetime, int], list[Reminder]] = {}
    rows = _told(Reminder.objects.filter(assessment__in=folders.values("pk")))
    for reminder in rows.order_by("-sent_at", "sent_by", "assessment__area__sort_key", "pk")[:LOGGED]:
        found.setdefault((reminder.sent_at, reminder.sent_by_id), []).append(reminder)
    return [Batch(reminders, today) for reminders in found.values()]


def _told(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    return rows.select_related(
        "assessment__area", "assessment__round__period", "assessment__round__criteria_set", "sent_by"
    )


def _chosen(rounds: list[Round], round_id: int | None) -> Round:
    still_open = [each for each in rounds if each.is_open]
    wanted = [each for each in rounds if each.pk == round_id] if round_id else still_open or rounds[-1:]
    if not wanted:
        raise OutOfScope
    return _busiest([each for each in wanted if each.due_on == wanted[0].due_on])


def _busiest(rounds: list[Round]) -> Round:
    """Of rounds due on one day the one in which most was handed in: several sets are opened together."""
    if len(rounds) == 1:
        return rounds[0]
    handed_in = Reading.objects.filter(assessment__round__in=rounds, state__gte=State.SUBMITTED)
    counts = dict(handed_in.order_by().values_list("assessment__round").annotate(Count("pk")))
    return max(rounds, key=lambda each: counts.get(each.pk, 0))


def _counted(folders: QuerySet[Assessment]) -> QuerySet[Assessment]:
    reached = {step.value: Count("readings", filter=_OWN & Q(readings__state__gte=at)) for step, at in _STEPS.items()}
    last = Reminder.objects.filter(assessment=OuterRef("pk")).order_by("-sent_on").values("sent_on")[:1]
    return (
        folders.annotate(
            total=Count("readings", filter=_OWN),
            filled=Count("readings", filter=_OWN & _SAID),
            copied=Count("readings", filter=_OWN & COPIED),
            submitted=Count("readings", filter=_OWN & Q(readings__state__gte=State.SUBMITTED)),
            returned=Count("readings", filter=Q(readings__state=State.RETURNED)),
            handed_in=Max("readings__submitted_at", filter=_OWN),
            reminded_on=Subquery(last),
            **reached,
        )
        .select_related("area")
        .order_by("area__sort_key", "pk")
    )


def _row(found, chosen: Round, steps: list[Step], today: dt.date) -> Row:
    found.round = chosen
    due_on = found.deadline
    handed_in = timezone.localtime(found.handed_in).date() if found.handed_in else None
    whole = found.submitted == found.total
    return Row(
        assessment=found,
        total=found.total,
        filled=found.filled,
        copied=found.copied,
        submitted=found.submitted,
        by_step=[getattr(found, step.value) for step in steps],
        returned=found.returned,
        handed_in_on=handed_in if whole else None,
        reminded_on=found.reminded_on,
        timing=_timing(due_on, handed_in if whole else None, whole, today),
        days=(today - due_on).days,
        step_words=[STEP_WORDS[step] for step in steps],
    )


def _timing(due_on: dt.date, handed_in: dt.date | None, whole: bool, today: dt.date) -> Timing:
    """A whole folder without a known day counts as on time: nobody says otherwise."""
    if whole:
        return Timing.LATE if handed_in and handed_in > due_on else Timing.ON_TIME
    return Timing.OVERDUE if today > due_on else Timing.OPEN


def _by_district(rows: list[Row], chosen: Round) -> list[District]:
    placements = Placement.objects.filter(
        valid_on(chosen.period.ends_on),
        parent__level=Level.DISTRICT,
        area_id__in=[row.assessment.area_id for row in rows],
    )
    said = placements.annotate(name=F("parent__name"), key=F("parent__sort_key"))
    names = {unit: (key, name) for unit, key, name in said.values_list("area_id", "key", "name")}
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault(names.get(row.assessment.area_id, ("", "")), []).append(row)
    return [District(name, found) for (_, name), found in sorted(grouped.items())]


def reminders_of(folders: QuerySet[Assessment], limit: int = 20) -> list[Reminder]:
    """The latest reminders about folders of open rounds that are not handed in whole, newest first."""
    waiting = Q(readings__state__lt=State.SUBMITTED, readings__input__derived__isnull=True)
    owed = folders.filter(waiting, round__closed_on=None).values("pk")
    rows = _told(Reminder.objects.filter(assessment__in=owed))
    return list(rows.order_by("-sent_at", "-pk")[:limit])


@dataclass(frozen=True)
class Unit:
    """One unit of a round, value by value, as far as this person sees it."""

    sheet: Sheet
    may_unlock: bool
    by_state: list[tuple[str, int]]

    @property
    def deadline(self) -> dt.date:
        return self.sheet.assessment.deadline


def unit(user: User, round_id: int, area_code: str) -> Unit:
    """Every value of one unit with its state; whether an approved one may be opened again. Raises OutOfScope."""
    shown = sheet(user, {"round_id": round_id, "area__code": area_code})
    may = readings_in_scope(user, Permission.UNLOCK).filter(assessment=shown.assessment).exists()
    words = [cell.state for cell in shown.cells]
    return Unit(shown, may and shown.round.is_open, [(word, words.count(word)) for word in dict.fromkeys(words)])

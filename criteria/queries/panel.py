"""What stands beside one value: its thread, its evidence, its history."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.models import Evidence, Reading, Remark
from criteria.queries import item as items
from criteria.queries.carrying import to_carry
from criteria.queries.changes import Changes, changes_of
from criteria.queries.marks import is_open
from criteria.queries.scope import reach, readings_in_scope

_SPEAKERS = (Permission.ENTER, Permission.VERIFY, Permission.APPRAISE, Permission.APPROVE)
# Lines of a thread on one page.
PAGE = 40
MENTIONS = 30
_SENT_BACK = {"reading.return": "returned", "reading.unlock": "unlocked"}


@dataclass(frozen=True)
class Line:
    """One line of a thread. `kind`: comment, resolved, returned or unlocked."""

    kind: str
    by: str
    at: dt.datetime
    text: str
    named: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        """Two letters that stand for the person."""
        words = [word for word in self.by.split() if word[:1].isalpha()]
        return "".join(word[0] for word in words[-2:]).upper()


@dataclass(frozen=True)
class Thread:
    """A page of lines, oldest first. `mark` names the very last: whoever resolves the thread has read up to it."""

    lines: list[Line]
    is_open: bool
    mark: str
    older: int | None = None  # where the lines before these begin to be found


@dataclass(frozen=True)
class Panel:
    """All that the panel of one value shows."""

    item: items.Item
    thread: Thread
    evidence: list[Evidence]
    removed: list[Evidence]
    to_carry: int
    history: Changes
    warnings: list[str]
    may_speak: bool

    @property
    def reading(self) -> Reading:
        return self.item.reading

    @property
    def may_attach(self) -> bool:
        return Permission.ENTER in self.item.may


def panel(user: User, reading_id: int, before: int | None = None, changed_before: int | None = None) -> Panel:
    """The panel of one value within the person's scope. Raises OutOfScope.

    Its thread up to the remark `before`, its history up to the event `changed_before`.
    """
    item = items.item(user, reading_id)
    reading, kept = item.reading, _evidence_of(reading_id)
    return Panel(
        item=item,
        thread=_thread(reading, before),
        evidence=[each for each in kept if each.removed_at is None],
        removed=[each for each in kept if each.removed_at],
        to_carry=to_carry(user, reading, item.previous).count() if Permission.ENTER in item.may else 0,
        history=changes_of(reading, changed_before),
        warnings=item.flags,
        may_speak=reading.assessment.round.is_open and may_speak(user, reading_id),
    )


def may_speak(user: User, reading_id: int) -> bool:
    """Whether the person works with this value: takes one of its steps, not only reads it."""
    condition = Q(pk__in=[])
    for permission in _SPEAKERS:
        if has_permission(user, permission):
            condition |= reach(user, permission).of_readings()
    return Reading.objects.filter(condition, pk=reading_id).exists()


def thread_of(reading: Reading) -> Thread:
    """The thread of one value, with its returns."""
    return _thread(reading)


def _thread(reading: Reading, before: int | None = None) -> Thread:
    said = Remark.objects.filter(reading=reading).select_related("by").prefetch_related("mentioned").order_by("-pk")
    newest = list(said[: PAGE + 1]) if before is None else list(said.filter(pk__lt=before)[: PAGE + 1])
    last = newest[0] if before is None and newest else said.first() if before else None
    remarks, older = newest[:PAGE], newest[PAGE - 1].pk if len(newest) > PAGE else None
    lines = [_line(remark) for remark in remarks]
    lines += _sent_back(reading, since=remarks[-1].at if older else None, until=_moment(before))
    opened = is_open(last.kind if last else None, last.at if last else None, reading.returned_at)
    returned = reading.returned_at.isoformat() if reading.returned_at else ""
    mark = f"{last.pk if last else 0}|{returned}"
    return Thread(sorted(lines, key=lambda line: line.at), opened, mark, older)


def _line(remark: Remark) -> Line:
    named = tuple(str(person) for person in remark.mentioned.all())
    return Line(remark.kind, str(remark.by), remark.at, remark.text, named)


def mentions_of(user: User) -> list[Remark]:
    """Where the person was asked by name, and neither answered nor was the thread marked done since; latest first."""
    settled = Remark.objects.filter(
        Q(by=user) | Q(kind=Remark.Kind.RESOLVED), reading=OuterRef("reading"), pk__gt=OuterRef("pk")
    )
    # In a closed round nobody can answer.
    asked = Remark.objects.filter(
        ~Exists(settled),
        mentioned=user,
        reading__in=readings_in_scope(user, Permission.SEE_DRAFTS),
        reading__assessment__round__closed_on=None,
    )
    rows = asked.select_related("by", "reading__input", "reading__assessment__area").order_by("-pk")
    return list(rows[:MENTIONS])


def _moment(remark_id: int | None) -> dt.datetime | None:
    return Remark.objects.filter(pk=remark_id).values_list("at", flat=True).first() if remark_id else None


def _sent_back(reading: Reading, *, since: dt.datetime | None, until: dt.datetime | None) -> list[Line]:
    """Returns and unlocks between two moments, as lines of the thread."""
    events = audit.history_of(reading).filter(action__in=_SENT_BACK)
    if since:
        events = events.filter(at__gte=since)
    if until:
        events = events.filter(at__lt=until)
    return [Line(_SENT_BACK[event.action], event.actor_name, event.at, event.reason) for event in events]


def _evidence_of(reading_id: int) -> list[Evidence]:
    """Every file of the value, those taken away included, in the order they came."""
    rows = Evidence.objects.filter(reading_id=reading_id).order_by("pk")
    return list(rows.select_related("file", "added_by", "removed_by"))


def evidence_in_sight(user: User, evidence_id: int) -> Evidence:
    """A file that stands for a value within the person's scope. Raises OutOfScope."""
    standing = Evidence.objects.filter(pk=evidence_id, removed_at=None)
    seen = standing.filter(reading__in=readings_in_scope(user, Permission.SEE_DRAFTS))
    found = seen.first()
    if found is None:
        raise OutOfScope
    return found


def file_in_sight(user: User, key: str) -> Evidence:
    """What the file in the store stands for, where that is within the person's scope. Raises OutOfScope.

    A file carried over stands for several values: any of them in sight shows it.
    """
    standing = Evidence.objects.filter(file__key=key, removed_at=None)
    seen = standing.filter(reading__in=readings_in_scope(user, Permission.SEE_DRAFTS))
    found = seen.select_related("file").order_by("-pk").first()
    if found is None:
        raise OutOfScope
    return found


def require_in_sight(user: User, reading_id: int) -> None:
    """Raises OutOfScope where the person may not see the value on its way."""
    if not readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk=reading_id).exists():
        raise OutOfScope

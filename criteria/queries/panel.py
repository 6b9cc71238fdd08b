"""What stands beside one value: its thread, its evidence, its history; and their counts for many values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Count, Exists, OuterRef, Q

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from accounts.scope import has_permission
from criteria.models import Evidence, Input, Reading, Remark
from criteria.queries import item as items
from criteria.queries import wording
from criteria.queries.marks import Marks, is_open, thread_is_open, with_last_remark
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
class Change:
    """One row of a value's history."""

    at: dt.datetime
    by: str
    action: str
    before: str
    after: str
    reason: str

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Panel:
    """All that the panel of one value shows."""

    item: items.Item
    thread: Thread
    evidence: list[Evidence]
    removed: list[Evidence]
    to_carry: int
    history: list[Change]
    warnings: list[str]
    may_speak: bool

    @property
    def reading(self) -> Reading:
        return self.item.reading

    @property
    def may_attach(self) -> bool:
        return Permission.ENTER in self.item.may


def panel(user: User, reading_id: int, before: int | None = None) -> Panel:
    """The panel of one value, its thread up to the remark `before`, within the person's scope. Raises OutOfScope."""
    item = items.item(user, reading_id)
    reading, kept = item.reading, _evidence_of(reading_id)
    return Panel(
        item=item,
        thread=_thread(reading, item.events, before),
        evidence=[each for each in kept if each.removed_at is None],
        removed=[each for each in kept if each.removed_at],
        to_carry=_to_carry(item.previous, kept),
        history=[_change(reading.input, event) for event in reversed(item.events)],
        warnings=wording.flags(reading, item.previous),
        may_speak=may_speak(user, reading_id),
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
    return _thread(reading, list(audit.history_of(reading)))


def _thread(reading: Reading, events: list[AuditEvent], before: int | None = None) -> Thread:
    said = Remark.objects.filter(reading=reading).select_related("by").prefetch_related("mentioned").order_by("-pk")
    newest = list(said[: PAGE + 1]) if before is None else list(said.filter(pk__lt=before)[: PAGE + 1])
    last = newest[0] if before is None and newest else said.first() if before else None
    remarks, older = newest[:PAGE], newest[PAGE - 1].pk if len(newest) > PAGE else None
    lines = [_line(remark) for remark in remarks]
    lines += _sent_back(events, since=remarks[-1].at if older else None, until=_moment(before))
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
    asked = Remark.objects.filter(
        ~Exists(settled), mentioned=user, reading__in=readings_in_scope(user, Permission.SEE_DRAFTS)
    )
    rows = asked.select_related("by", "reading__input", "reading__assessment__area").order_by("-pk")
    return list(rows[:MENTIONS])


def _moment(remark_id: int | None) -> dt.datetime | None:
    return Remark.objects.filter(pk=remark_id).values_list("at", flat=True).first() if remark_id else None


def _sent_back(events: list[AuditEvent], *, since: dt.datetime | None, until: dt.datetime | None) -> list[Line]:
    """Returns and unlocks between two moments, as lines of the thread."""
    return [
        Line(_SENT_BACK[event.action], event.actor_name, event.at, event.reason)
        for event in events
        if event.action in _SENT_BACK and (since is None or event.at >= since) and (until is None or event.at < until)
    ]


def _evidence_of(reading_id: int) -> list[Evidence]:
    """Every file of the value, those taken away included, in the order they came."""
    rows = Evidence.objects.filter(reading_id=reading_id).order_by("pk")
    return list(rows.select_related("file", "added_by", "removed_by"))


def _to_carry(previous: Reading | None, kept: list[Evidence]) -> int:
    """How many files of the period before do not stand for this value yet."""
    here = [each.sent_sha256 for each in kept if each.removed_at is None]
    earlier = Evidence.objects.filter(reading=previous, removed_at=None).exclude(sent_sha256__in=here)
    return earlier.count() if previous else 0


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


def marks_of(reading_ids: Iterable[int]) -> dict[int, Marks]:
    """Evidence and open threads of each value: two statements, whatever the number."""
    wanted = list(reading_ids)
    counted = Evidence.objects.filter(reading__in=wanted, removed_at=None).order_by()
    files = dict(counted.values_list("reading_id").annotate(Count("pk")))
    opened = _with_open_thread(wanted)
    return {pk: Marks(files.get(pk, 0), int(pk in opened)) for pk in wanted}


def _with_open_thread(reading_ids: list[int]) -> set[int]:
    rows = with_last_remark(Reading.objects.filter(pk__in=reading_ids))
    return set(rows.filter(thread_is_open()).values_list("pk", flat=True))


def _change(entry: Input, event: AuditEvent) -> Change:
    before, after = event.data.get("before") or {}, event.data.get("after") or {}
    return Change(
        at=event.at,
        by=event.actor_name,
        action=event.action,
        before=_shown(entry, before.get("value", "")),
        after=_shown(entry, after.get("value", "")),
        reason=event.reason,
    )


def _shown(entry: Input, plain: str) -> str:
    """A value as its history keeps it, in the figures of the screens."""
    if plain == "not_applicable":
        return wording.NOT_APPLICABLE
    try:
        return wording.shown(entry, Decimal(plain))
    except InvalidOperation:
        return "trống"

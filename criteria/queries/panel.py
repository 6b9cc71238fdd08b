"""Everything beside one value: what is said about it, its evidence, its history. And the marks of many values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from communes.models import Area
from communes.queries import placement_of
from criteria.models import Comment, Evidence, Input, Reading, State, Thread, Threshold
from criteria.procedure import Step
from criteria.queries import history, wording
from criteria.queries.item import peers_of
from criteria.queries.review import with_everything
from criteria.queries.scope import may_take, readings_in_scope
from criteria.queries.sheet import threshold_of
from criteria.resolving import resolver_for

PAGE = 30
# Talk is not history: it stands in the thread.
_TALK = "thread."
_SENT_BACK = ("reading.return", "reading.unlock")
_WORDS = {
    "reading.record": "Nhập",
    "reading.submit": "Nộp",
    "reading.verify": "Thẩm tra",
    "reading.appraise": "Thẩm định",
    "reading.approve": "Phê duyệt",
    "reading.return": "Trả lại",
    "reading.unlock": "Mở khoá",
    "evidence.attach": "Thêm minh chứng",
    "evidence.carry": "Lấy minh chứng kỳ trước",
    "evidence.remove": "Gỡ minh chứng",
}


@dataclass(frozen=True)
class Marks:
    """What a row of the sheet shows of what stands beside its value: files, and talk that is not settled (0 or 1)."""

    evidence: int = 0
    open_threads: int = 0


@dataclass(frozen=True)
class Said:
    """One entry of the thread: a comment, or the reason with which the value was sent back."""

    name: str
    at: dt.datetime
    text: str
    is_return: bool = False
    word: str = ""
    mentioned: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        """First letters of the last two words of the name, for the disc beside it."""
        words = [word for word in self.name.replace(",", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in words[-2:]).upper()


@dataclass(frozen=True)
class Happened:
    """One line of the history: when, who, what, from what to what, why."""

    at: dt.datetime
    name: str
    word: str
    before: str
    after: str
    why: str
    file: str

    @property
    def is_change(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Panel:
    """One value with all that stands beside it, as one person may see and change it."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None
    district: Area | None
    median: str
    said: list[Said]
    said_before: str  # names the entries before the first shown; empty = none
    is_open: bool
    thread: Thread | None
    evidence: list[Evidence]
    from_before: int  # files of the period before that are not here yet
    events: list[Happened]
    events_before: int | None  # the history goes on behind this event
    may_attach: bool
    may_comment: bool
    is_round_open: bool

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

    @property
    def before(self) -> str:
        return wording.shown_reading(self.previous) if self.previous else ""

    @property
    def requirement(self) -> str:
        return wording.requirement(self.reading.input, self.threshold)

    @property
    def gap(self) -> str:
        return wording.gap(self.reading.input, self.reading.value, self.threshold)

    @property
    def unit(self) -> str:
        """The unit in words; per cent stands at the figures."""
        said = wording.unit(self.reading.input)
        return "" if said == "%" else said

    @property
    def state(self) -> str:
        return "Hệ thống tính" if self.reading.input.derived else wording.state(self.reading)

    @property
    def flags(self) -> list[str]:
        return wording.flags(self.reading, self.previous)

    @property
    def is_returned(self) -> bool:
        return self.reading.state == State.RETURNED

    @property
    def why_open(self) -> str:
        if self.reading.value is None and not self.reading.not_applicable:
            return "no_value"
        return "no_threshold" if self.threshold is None else ""


def panel(user: User, reading_id: int, *, said_before: str = "", events_before: int | None = None) -> Panel:
    """One value within the person's scope, with what stands beside it. Raises OutOfScope."""
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS)
    reading = with_everything(in_sight.filter(pk=reading_id)).first()
    if reading is None:
        raise OutOfScope
    unit, opened = reading.assessment.area, reading.assessment.round
    district = _district(unit, opened.period.ends_on)
    peers = peers_of(reading, district)
    thread = Thread.objects.filter(reading=reading).select_related("resolved_by").first()
    said, earlier_said = _said(reading, _moment(said_before))
    events, earlier_events = _events(reading, events_before)
    evidence, previous = list(standing([reading.pk])), history.previous_of([reading]).get(reading.pk)
    may_comment = opened.is_open and readings_in_scope(user, Permission.COMMENT).filter(pk=reading.pk).exists()
    may_attach = may_change_evidence(user, reading)
    return Panel(
        reading=reading,
        previous=previous,
        threshold=threshold_of(reading, resolver_for(opened, unit), unit.pk),
        district=district,
        median=wording.shown(reading.input, peers.median) if peers else "",
        said=said,
        said_before=earlier_said,
        is_open=is_open(reading, thread),
        thread=thread,
        evidence=evidence,
        from_before=_from_before(in_sight, previous, evidence) if may_attach else 0,
        events=events,
        events_before=earlier_events,
        may_attach=may_attach,
        may_comment=may_comment,
        is_round_open=opened.is_open,
    )


def marks_of(reading_ids: Iterable[int]) -> dict[int, Marks]:
    """The marks of many values, by id; those without any are left out. Two statements, however many."""
    ids = list(reading_ids)
    files = Evidence.objects.filter(reading__in=ids, removed_at=None).order_by().values_list("reading")
    counts: dict[int, int] = dict(files.annotate(n=Count("pk")))
    talking = set(_talking(Reading.objects.filter(pk__in=ids)).order_by().values_list("pk", flat=True))
    return {pk: Marks(counts.get(pk, 0), int(pk in talking)) for pk in counts.keys() | talking}


def mentions_of(user: User) -> QuerySet[Comment]:
    """Where the person was named in talk that is not settled and that the person may still see, the latest first."""
    mine = readings_in_scope(user, Permission.SEE_DRAFTS)
    open_talk = _talking(mine.filter(thread__comments__mentioned=user))
    named = Comment.objects.filter(mentioned=user, thread__reading__in=open_talk.values("pk")).exclude(by=user)
    return named.select_related("by", "thread__reading__input", "thread__reading__assessment__area").order_by(
        "-at", "-pk"
    )


def evidence_file(user: Any, name: str) -> Evidence:
    """The evidence through which the person may read the kept file of that random name. Raises OutOfScope."""
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS)
    found = Evidence.objects.filter(file__name=name, removed_at=None, reading__in=in_sight.values("pk"))
    evidence = found.select_related("file").order_by("pk").first()
    if evidence is None:
        raise OutOfScope
    return evidence


def standing(reading_ids: Iterable[int]) -> QuerySet[Evidence]:
    """The evidence of values, leaving out what was taken away."""
    found = Evidence.objects.filter(reading__in=list(reading_ids), removed_at=None)
    return found.select_related("file", "added_by").order_by("pk")


def is_open(reading: Reading, thread: Thread | None) -> bool:
    """Whether something was said that nobody has settled; returning a value says something too."""
    if thread is None:
        return reading.returned_at is not None
    if thread.resolved_at is None:
        return True
    return reading.returned_at is not None and reading.returned_at > thread.resolved_at


def _talking(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """The same rule as `is_open`, as a condition."""
    unsettled = Q(thread__isnull=False, thread__resolved_at=None) | Q(returned_at__gt=F("thread__resolved_at"))
    return readings.filter(unsettled | Q(thread=None, returned_at__isnull=False))


def may_change_evidence(user: User, reading: Reading) -> bool:
    """Whether the person may attach and take away now: scope, state and round together."""
    with_enterer = reading.state in (State.DRAFT, State.RETURNED) and not reading.input.derived
    return reading.assessment.round.is_open and with_enterer and may_take(user, Step.ENTER, reading)


def _district(unit: Area, on: dt.date) -> Area | None:
    placement = placement_of(unit, on)
    return placement.parent if placement and unit.level == "commune" else None


def _from_before(in_sight: QuerySet[Reading], previous: Reading | None, here: list[Evidence]) -> int:
    """How many files of the period before are not here yet."""
    if previous is None:
        return 0
    earlier = in_sight.filter(pk=previous.pk).values("pk")
    files = Evidence.objects.filter(reading__in=earlier, removed_at=None)
    return files.exclude(file__sha256__in=[each.file.sha256 for each in here]).count()


def _said(reading: Reading, before: dt.datetime | None) -> tuple[list[Said], str]:
    """The latest page of the thread before a moment, oldest first, and the moment that the page before it ends at."""
    sooner = Q(at__lt=before) if before else Q()
    comments = Comment.objects.filter(sooner, thread__reading=reading).select_related("by")
    comments = comments.prefetch_related("mentioned").order_by("-at", "-pk")[: PAGE + 1]
    sent_back = audit.history_of(reading).filter(sooner, action__in=_SENT_BACK).order_by("-at", "-pk")[: PAGE + 1]
    entries = [_comment(each) for each in comments] + [_return(each) for each in sent_back]
    latest = sorted(entries, key=lambda entry: entry.at, reverse=True)
    more = latest[PAGE - 1].at.isoformat() if len(latest) > PAGE else ""
    return latest[:PAGE][::-1], more


def _comment(row: Comment) -> Said:
    mentioned = tuple(str(person) for person in row.mentioned.all())
    return Said(str(row.by), row.at, row.text, mentioned=mentioned)


def _return(event: AuditEvent) -> Said:
    is_return = event.action == "reading.return"
    return Said(event.actor_name, event.at, event.reason, is_return=is_return, word=_WORDS[event.action])


def _moment(text: str) -> dt.datetime | None:
    """A moment out of an address; what is none is no condition."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None


def _events(reading: Reading, before: int | None) -> tuple[list[Happened], int | None]:
    """The latest page of the history, the newest first, and the event behind which it goes on."""
    found = audit.history_of(reading).exclude(action__startswith=_TALK).order_by("-id")
    rows = list((found.filter(id__lt=before) if before else found)[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return [_happened(row, reading.input) for row in rows[:PAGE]], more


def _happened(event: AuditEvent, entry: Input) -> Happened:
    before, after = (_worded(event.data.get(side), entry) for side in ("before", "after"))
    word = _WORDS.get(event.action, event.action)
    return Happened(event.at, event.actor_name, word, before, after, event.reason, event.data.get("file", ""))


def _worded(side: dict[str, Any] | None, entry: Input) -> str:
    """A value of the history (criteria.actions.readings.plain) as the screens write it."""
    said = (side or {}).get("value", "")
    if said == "not_applicable":
        return wording.NOT_APPLICABLE
    try:
        return wording.shown(entry, Decimal(said)) if said else "trống"
    except InvalidOperation:
        return said

"""The history of one value, page by page: what it was, what it became, who did it and why."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from accounts import audit
from accounts.models import AuditEvent
from criteria.models import Input, Reading
from criteria.queries import wording

PAGE = 8


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
class Changes:
    """A page of the history, newest first; `older` names the row that the next page starts behind."""

    lines: list[Change]
    older: int | None


def changes_of(reading: Reading, before: int | None = None) -> Changes:
    """The page of the reading's history behind the event `before`: one statement."""
    events = audit.history_of(reading).order_by("-id")
    rows = list((events.filter(pk__lt=before) if before else events)[: PAGE + 1])
    older = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return Changes([_change(reading.input, event) for event in rows[:PAGE]], older)


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

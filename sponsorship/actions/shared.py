"""What every write does first: who reaches the place, whether the year is open, what the texts are."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.errors import OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import one_line
from communes.book import last_paths, reached
from communes.models import Area
from sponsorship.amounts import MOST, NEGATIVE, TOO_LARGE
from sponsorship.checks import CLOSED, Fault
from sponsorship.queries.years import closed_years


def require_reach(by: User, area: Area, permission: Permission = Permission.KEEP_LEDGER) -> None:
    """Raises OutOfScope where the person does not hold the permission in that unit."""
    if not reached(by, permission, area):
        raise OutOfScope


def require_anywhere(by: User, permission: Permission) -> None:
    """Raises OutOfScope where the person holds the permission nowhere."""
    if not has_permission(by, permission):
        raise OutOfScope


def require_open(year: int, field: str) -> None:
    """Raises WrongState at the field where the year is closed."""
    if year in closed_years():
        raise WrongState(CLOSED.format(year), field=field, code="closed_year")


def require_amount(amount: int, field: str = "amount", *, zero: bool = False) -> None:
    """Raises Refused where the amount is negative, nothing or beyond belief."""
    if amount < 0:
        raise Refused(NEGATIVE, field=field, code="negative")
    if amount == 0 and not zero:
        raise Refused("Số tiền phải trên 0.", field=field, code="zero")
    if amount >= MOST:
        raise Refused(TOO_LARGE, field=field, code="too_large")


def require_day(day: dt.date, field: str, *, since: dt.date | None = None) -> None:
    """Raises Refused where the day lies in the future or before `since`."""
    if day > timezone.localdate():
        raise Refused("Ngày không được sau hôm nay.", field=field, code="future")
    if since and day < since:
        raise Refused(f"Ngày không được trước {since:%d/%m/%Y}.", field=field, code="too_early")


def text(said: str, field: str, longest: int, missing: str = "") -> str:
    """A text of one line. Raises Refused where it is too long, or missing."""
    cleaned = one_line(said)
    if missing and not cleaned:
        raise Refused(missing, field=field, code="required")
    if len(cleaned) > longest:
        raise Refused(f"Dài quá {longest} ký tự.", field=field, code="too_long")
    return cleaned


def refuse(faults: list[Fault]) -> None:
    """Raise the first fault; all of them stand in `faults`."""
    if faults:
        first = faults[0]
        kind = WrongState if first.code == "closed_year" else Refused
        raise kind(first.message, field=first.field, code=first.code, faults=faults)


def place(area: Area) -> str:
    """Where the act is written down to have happened."""
    return last_paths([area]).get(area.pk, "")


def stamp(by: User) -> dict[str, Any]:
    """Who writes, and when."""
    return {"recorded_by": by, "recorded_at": timezone.now(), "is_illustrative": by.is_demo}

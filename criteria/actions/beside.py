"""What stands beside a value, evidence and talk, is written under that value's lock and within the person's scope."""

from typing import Any

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from criteria.actions.readings.shared import loaded, require_open
from criteria.models import Reading
from criteria.queries.scope import readings_in_scope


def seen(reading_id: int, by: User) -> Reading:
    """The value under lock, in an open round; OutOfScope where the person may not know of it, WrongState if closed.

    Figures do not change, so the unit's attainment is not locked and the epoch stays.
    """
    if not readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk=reading_id).exists():
        raise OutOfScope
    (reading,) = loaded([reading_id])
    require_open(reading.assessment.round)
    return reading


def tell(reading: Reading, by: User, action: str, *, reason: str = "", **data: Any) -> None:
    """Write what was done into the history of the value."""
    audit.record(by=by, action=action, subject=reading, reason=reason, data=data)

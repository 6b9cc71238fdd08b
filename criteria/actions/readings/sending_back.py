"""Sending one value back: returned to a person on its way, or unlocked after its approval; each with a reason."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria import engine, masks
from criteria.actions.readings.shared import (
    WRONG_ROLE,
    before_of,
    bump,
    event,
    fetch,
    raise_version,
    require_open,
    require_version,
)
from criteria.actions.readings.stepping import settle
from criteria.models import Reading, State
from criteria.procedure import procedure_for
from criteria.queries.held import held
from criteria.queries.scope import may_return, readings_in_scope
from criteria.statements import Ids

NO_STEPS = {
    f"{name}_{part}": None for name in ("submitted", "verified", "appraised", "approved") for part in ("by", "at")
}


@transaction.atomic
def return_reading(*, reading_id: int, reason: str, version: int, by: User) -> Reading:
    """Send one value back, with a reason, to the person who entered it. The rest of the folder stays."""
    reading = _to_send_back(reading_id, reason, version, by)
    procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
    if not may_return(by, reading, procedure.step_after(reading.state)):
        raise NotAllowed(WRONG_ROLE, field="state")
    if reading.state < State.SUBMITTED:
        raise WrongState("Giá trị đang ở người nhập, không cần trả lại.", field="state")
    recipient = reading.entered_by or reading.submitted_by
    stamp = {"returned_by": by, "returned_at": timezone.now(), "returned_to": recipient}
    return _send_back(reading, State.RETURNED, "return", reason, by, return_reason=reason.strip(), **stamp)


@transaction.atomic
def unlock(*, reading_id: int, reason: str, version: int, by: User) -> Reading:
    """Open one approved value again, with a reason, while the rest of the folder stays approved."""
    reading = _to_send_back(reading_id, reason, version, by)
    if not readings_in_scope(by, Permission.UNLOCK).filter(pk=reading.pk).exists():
        raise NotAllowed(WRONG_ROLE, field="state")
    if reading.state != State.APPROVED:
        raise WrongState("Chỉ mở khoá giá trị đã phê duyệt.", field="state")
    return _send_back(reading, State.DRAFT, "unlock", reason, by)


def _to_send_back(reading_id: int, reason: str, version: int, by: User) -> Reading:
    (reading,) = fetch([reading_id], by)
    if not reason.strip():
        raise Refused("Ghi lý do.", field="reason", code="required")
    if reading.input.derived:
        raise WrongState("Giá trị này do hệ thống tính.", field="state", code="derived")
    require_open(reading.assessment.round)
    require_version(reading, version)
    return reading


def _send_back(reading: Reading, state: State, action: str, reason: str, by: User, **stamp: object) -> Reading:
    before, was_approved = before_of(reading), reading.state == State.APPROVED
    for name, value in {**NO_STEPS, **stamp}.items():
        setattr(reading, name, value)
    reading.state = state
    raise_version(reading)
    reading.save()
    audit.record_many([event(reading, by, action, before, reason.strip())])
    if was_approved:
        folder = Ids.of([reading.assessment_id])
        settle(held([reading.pk]), engine.folders_of(engine.UNITS_OF_FOLDERS, folder), masks.write(folder))
    bump(reading)
    return reading

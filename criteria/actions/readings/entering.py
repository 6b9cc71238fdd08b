"""Entering one value."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from criteria import engine, sums, surroundings
from criteria.actions.readings.shared import (
    WRONG_ROLE,
    before_of,
    raise_version,
    require_open,
    require_version,
)
from criteria.models import Input, Reading, State
from criteria.procedure import Step
from criteria.queries.held import Held, held
from criteria.queries.scope import reach
from criteria.resolving import resolver_of_value
from criteria.rules import numbers, ranges
from criteria.statements import Ids, together

SUBMITTED = "Giá trị đã nộp, không sửa được nữa. Cần được trả lại để sửa."
_RELATED = ("input", "assessment__round__period", "assessment__round__criteria_set")
_WRITTEN = (
    "value", "not_applicable", "verdict", "threshold", "flags", "state", "version", "origin", "note",
    "is_illustrative", "entered_by", "entered_at",
)  # fmt: skip


@transaction.atomic
def record(*, reading_id: int, text: str, version: int, by: User, note: str | None = None) -> Reading:
    """Enter what was typed into one value. `version` is the version that the person saw.

    Raises OutOfScope, NotAllowed, WrongState (closed, already submitted), Stale, Refused (unreadable, out of range,
    the last value of a stated sum that does not add up).
    Entering the stored value again changes nothing and is accepted whatever the version: a double submit is harmless.
    With a note it answers the reason for which the value was returned: the value stands, and is handed in again.
    """
    place = _seen(reading_id, by)
    if not reach(by, Permission.ENTER, set(place.procedure.roles.get(Step.ENTER, ()))).holds(place):
        raise NotAllowed(WRONG_ROLE, field="value")
    require_open(place)
    reading = Reading.objects.select_related(*_RELATED).get(pk=reading_id)
    value, not_applicable = understood(reading.input, text)
    moves = (reading.value, reading.not_applicable) != (value, not_applicable)
    is_answer = reading.state == State.RETURNED and reading.version == version and bool(note)
    unchanged = not moves and note in (None, reading.note) and not is_answer
    if unchanged and (reading.entered_by_id == by.pk or reading.version != version):
        return reading
    require_version(reading, version, mine=text)
    if reading.state not in (State.DRAFT, State.RETURNED):
        raise WrongState(SUBMITTED, field="value")
    siblings = _alternatives_of(reading)
    if not_applicable and siblings and all(sibling.not_applicable for sibling in siblings):
        raise Refused("Một trong các nội dung thay thế nhau phải áp dụng.", field="value", code="one_must_apply")
    _store(reading, value, not_applicable, note, by, place.path or "")
    for sibling in siblings:
        is_empty = sibling.value is None and not sibling.not_applicable
        if value is not None and is_empty and sibling.state in (State.DRAFT, State.RETURNED):
            _store(sibling, None, True, None, by, place.path or "")
    _require_sums([reading, *siblings] if moves else [])
    epochs.bump(place.province_code)
    return reading


def _require_sums(changed: list[Reading]) -> None:
    """Refused where a stated sum is complete now and does not add up."""
    if summed := {reading.pk: reading.assessment_id for reading in changed if reading.input.in_sum}:
        sums.require(summed, field="value")


def _seen(reading_id: int, by: User) -> Held:
    """The value with its place in the tree, locked after its unit; absent outside the person's scope."""
    engine.lock(engine.UNITS_OF_READINGS, Ids.of([reading_id]))
    found = held([reading_id])
    if not found or not reach(by, Permission.SEE_DRAFTS).holds(found[0]):
        raise OutOfScope
    return found[0]


def _alternatives_of(reading: Reading) -> list[Reading]:
    """The other inputs of which only one applies (5.1.a or 5.1.b, by the number of schools), wherever they stand."""
    if not reading.input.alternative:
        return []
    others = Reading.objects.filter(
        assessment=reading.assessment_id,
        input__indicator=reading.input.indicator_id,
        input__alternative=reading.input.alternative,
    ).exclude(pk=reading.pk)
    return list(others.order_by("pk").select_for_update(of=("self",)).select_related(*_RELATED))


def _store(
    reading: Reading, value: Decimal | None, not_applicable: bool, note: str | None, by: User, path: str
) -> None:
    """Set, save and log one value; `path` is its unit's place in the tree."""
    before = before_of(reading)
    _set_value(reading, value, not_applicable, note, by)
    reading.save(update_fields=_WRITTEN)
    change = {"before": before, "after": before_of(reading)}
    together(*audit.insertions(by=by, action="reading.record", subject=Reading, rows=[(reading.pk, path, change)]))


def understood(entry: Input, text: str) -> tuple[Decimal | None, bool]:
    """The typed text as a value of the input's type; Refused with the message for the field."""
    if entry.derived:
        raise WrongState("Giá trị này do hệ thống tính, không nhập tay.", field="value", code="derived")
    try:
        parsed = numbers.parse(text, entry.value_type, about=entry.name)
    except numbers.Unreadable as unreadable:
        raise Refused(str(unreadable), field="value", code="unreadable") from unreadable
    if parsed.not_applicable and not (entry.may_not_apply or entry.alternative):
        raise Refused("Chỉ tiêu này luôn áp dụng, không chọn được “không áp dụng”.", field="value", code="must_apply")
    if parsed.value is not None and (fault := ranges.fault(parsed.value, entry.value_type)):
        raise Refused(fault, field="value", code="out_of_range")
    return parsed.value, parsed.not_applicable


def _set_value(reading: Reading, value: Decimal | None, not_applicable: bool, note: str | None, by: User) -> None:
    reading.value, reading.not_applicable = value, not_applicable
    reading.entered_by, reading.entered_at = by, timezone.now()
    reading.origin, reading.state = Reading.Origin.ENTERED, State.DRAFT
    # What a person enters in a demonstration is still illustrative; real portals start without such rows.
    reading.is_illustrative = by.is_demo
    if note is not None:
        reading.note = note
    raise_version(reading)
    resolver_of_value(reading).pin(reading)
    surroundings.pin([reading])

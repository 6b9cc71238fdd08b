"""The life of a value: entered, submitted, verified, appraised, approved; returned or unlocked with a reason.

Every step locks the unit's attainment rows first, in a statement of its own, then reads what it changes.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from communes import epochs
from criteria import dirty, engine
from criteria.models import Assessment, Period, Reading, Round, State
from criteria.procedure import LEADS_TO, PERMISSION, Step, procedure_for
from criteria.queries.scope import may_return, may_take, readings_in_scope, took_a_step
from criteria.resolving import resolver_for
from criteria.rules import numbers, ranges

CLOSED = "Kỳ này đã chốt. Cần mở lại kỳ để sửa."
OWN_VALUE = {
    Step.VERIFY: "Bạn không thể thẩm tra giá trị do chính mình nhập.",
    Step.APPRAISE: "Bạn không thể thẩm định giá trị mà mình đã nhập hoặc thẩm tra.",
    Step.APPROVE: "Bạn không thể phê duyệt giá trị do chính mình nhập, thẩm tra hoặc thẩm định.",
}
WRONG_ROLE = "Bạn không được giao bước này với giá trị này."
_STEP_FIELDS = {Step.VERIFY: "verified", Step.APPRAISE: "appraised", Step.APPROVE: "approved"}
_RELATED = (
    "assessment__area",
    "assessment__round__period",
    "assessment__round__criteria_set",
    "assessment__round__province",
    "input",
    "threshold",
)


def _loaded(ids: Iterable[int]) -> list[Reading]:
    """The readings under lock, in one order, each with its folder, period and input."""
    rows = Reading.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    return list(rows.select_related(*_RELATED))


def _lock_units(ids: Iterable[int]) -> None:
    """Lock the attainment rows of the units that the readings belong to."""
    pairs = Reading.objects.filter(pk__in=set(ids)).values_list("assessment__area_id", "assessment__round__period_id")
    engine.lock(engine.units(pairs.distinct()))


def _fetch(ids: Iterable[int], by: User) -> list[Reading]:
    """Lock and load readings that the person may see while they are on their way; any other is absent."""
    wanted = set(ids)
    seen = readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk__in=wanted)
    if not wanted or seen.count() != len(wanted):
        raise OutOfScope()
    _lock_units(wanted)
    return _loaded(wanted)


def _require_open(reading_round: Round) -> None:
    if not reading_round.is_open:
        raise WrongState(CLOSED, field="value", code="round_closed")


def _require_version(reading: Reading, version: int, mine: str = "") -> None:
    if reading.version != version:
        raise Stale(
            "Người khác vừa sửa giá trị này. Xem lại rồi chọn một giá trị.",
            field="value",
            mine=mine,
            theirs=_plain(reading),
            version=reading.version,
            changed_by=str(reading.entered_by or ""),
        )


def _plain(reading: Reading) -> str:
    """The stored value as plain text for history and conflicts; empty = no value."""
    if reading.not_applicable:
        return "not_applicable"
    return "" if reading.value is None else f"{reading.value.normalize():f}"


def _event(reading: Reading, by: User | None, action: str, before: dict, reason: str = "") -> AuditEvent:
    after = {"value": _plain(reading), "state": State(reading.state).name.lower()}
    return audit.event(
        by=by, action=f"reading.{action}", subject=reading, reason=reason, data={"before": before, "after": after}
    )


def _before(reading: Reading) -> dict:
    return {"value": _plain(reading), "state": State(reading.state).name.lower()}


def _raise_version(reading: Reading) -> None:
    reading.version += 1


@transaction.atomic
def record(*, reading_id: int, text: str, version: int, by: User, note: str | None = None) -> Reading:
    """Enter what was typed into one value. `version` is the version that the person saw.

    Raises OutOfScope, NotAllowed, WrongState (closed, already submitted), Stale, Refused (unreadable, out of range).
    Entering the stored value again changes nothing and is accepted whatever the version: a double submit is harmless.
    """
    (reading,) = _fetch([reading_id], by)
    if not may_take(by, Step.ENTER, reading):
        raise NotAllowed(WRONG_ROLE, field="value")
    _require_open(reading.assessment.round)
    value, not_applicable = _understood(reading, text)
    unchanged = (reading.value, reading.not_applicable) == (value, not_applicable) and note in (None, reading.note)
    if unchanged and reading.entered_by_id == by.pk:
        return reading
    _require_version(reading, version, mine=text)
    if reading.state not in (State.DRAFT, State.RETURNED):
        raise WrongState("Giá trị đã nộp, không sửa được nữa. Cần được trả lại để sửa.", field="value")
    siblings = _alternatives_of(reading)
    if not_applicable and siblings and all(sibling.not_applicable for sibling in siblings):
        raise Refused("Một trong các nội dung thay thế nhau phải áp dụng.", field="value", code="one_must_apply")
    _store(reading, value, not_applicable, note, by)
    for sibling in siblings:
        is_empty = sibling.value is None and not sibling.not_applicable
        if value is not None and is_empty and sibling.state in (State.DRAFT, State.RETURNED):
            _store(sibling, None, True, None, by)
    _bump(reading)
    return reading


def _alternatives_of(reading: Reading) -> list[Reading]:
    """The other inputs of which only one applies (5.1.a or 5.1.b, by the number of schools), wherever they stand."""
    if not reading.input.alternative:
        return []
    others = Reading.objects.filter(
        assessment=reading.assessment_id,
        input__indicator=reading.input.indicator_id,
        input__alternative=reading.input.alternative,
    ).exclude(pk=reading.pk)
    return _loaded(others.values_list("pk", flat=True))


def _store(reading: Reading, value: Decimal | None, not_applicable: bool, note: str | None, by: User) -> None:
    """Set, save and log one value."""
    before = _before(reading)
    _set_value(reading, value, not_applicable, note, by)
    reading.save()
    audit.record_many([_event(reading, by, "record", before)])


def _understood(reading: Reading, text: str) -> tuple[Decimal | None, bool]:
    """The typed text as a value of the input's type; Refused with the message for the field."""
    entry = reading.input
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
    _raise_version(reading)
    resolver_for(reading.assessment.round, reading.assessment.area).pin(reading)


def _bump(reading: Reading) -> None:
    epochs.bump(reading.assessment.round.province.code)


@transaction.atomic
def submit(*, assessment_id: int, by: User) -> int:
    """Hand in every filled value of the folder that is still with the person who enters; returns how many."""
    readings = _folder(assessment_id, by, (State.DRAFT, State.RETURNED))
    readings = [reading for reading in readings if reading.value is not None or reading.not_applicable]
    readings = [reading for reading in readings if not reading.input.derived]
    if not readings:
        raise WrongState("Chưa có giá trị nào để nộp.", field="assessment")
    if not may_take(by, Step.ENTER, readings[0]):
        raise NotAllowed(WRONG_ROLE, field="assessment")
    now = timezone.now()
    return _move(readings, State.SUBMITTED, "submit", by, submitted_by=by, submitted_at=now)


@transaction.atomic
def verify(*, assessment_id: int, by: User) -> int:
    """Verify (thẩm tra) every submitted value of the folder; returns how many."""
    readings = _folder(assessment_id, by, (State.SUBMITTED,))
    if not readings:
        raise WrongState("Hồ sơ không có giá trị chờ thẩm tra.", field="assessment")
    return _advance(readings, Step.VERIFY, by)


def _folder(assessment_id: int, by: User, states: tuple[State, ...]) -> list[Reading]:
    """Readings of one folder in the given states, locked; the folder is absent outside the person's scope."""
    inside = readings_in_scope(by, Permission.SEE_DRAFTS).filter(assessment_id=assessment_id)
    folder = Assessment.objects.filter(pk=assessment_id).select_related("round").first()
    if folder is None or not inside.exists():
        raise OutOfScope()
    engine.lock(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id))
    _require_open(Round.objects.get(pk=folder.round_id))
    ids = Reading.objects.filter(assessment_id=assessment_id, state__in=states).values_list("pk", flat=True)
    return _loaded(ids)


@transaction.atomic
def appraise(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Appraise (thẩm định) values of the criteria of the person's department; returns how many.

    `versions` by reading id, where known: Stale if one of them is no longer the stored one.
    """
    return _advance(_seen(reading_ids, by, versions), Step.APPRAISE, by)


@transaction.atomic
def approve(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Approve values; the communes' own attainment is right at this commit. `versions` as for `appraise`."""
    return _advance(_seen(reading_ids, by, versions), Step.APPROVE, by)


def _seen(reading_ids: Iterable[int], by: User, versions: dict[int, int] | None) -> list[Reading]:
    """The readings, locked, each in the version that the person saw."""
    readings = _fetch(reading_ids, by)
    for reading in readings:
        if versions and reading.pk in versions:
            _require_version(reading, versions[reading.pk])
    return readings


def _advance(readings: list[Reading], step: Step, by: User) -> int:
    """Take `step` with all the readings or with none: reach, round, state and four eyes are checked for each."""
    for reading in readings:
        _require_open(reading.assessment.round)
    _require_reach(readings, step, by)
    for reading in readings:
        procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
        if reading.state != procedure.state_before(step):
            raise WrongState(
                f"Giá trị {reading.input.code} {State(reading.state).label}, chưa tới bước này.", field="state"
            )
        if took_a_step(by, reading):
            raise NotAllowed(OWN_VALUE[step], field="state", code="four_eyes")
    name = _STEP_FIELDS[step]
    stamp = {f"{name}_by": by, f"{name}_at": timezone.now()}
    return _move(readings, LEADS_TO[step], step.value, by, **stamp)


def _require_reach(readings: list[Reading], step: Step, by: User) -> None:
    """Whether the person's appointments reach every reading for this step: one query a procedure."""
    by_roles: dict[frozenset, set[int]] = {}
    for reading in readings:
        procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
        by_roles.setdefault(procedure.roles.get(step, frozenset()), set()).add(reading.pk)
    for roles, ids in by_roles.items():
        if readings_in_scope(by, PERMISSION[step], set(roles)).filter(pk__in=ids).count() != len(ids):
            raise NotAllowed(WRONG_ROLE, field="state")


def _move(readings: list[Reading], state: State, action: str, by: User, **stamp: object) -> int:
    """Move the readings to `state`, with audit, attainment, dirty marks and epoch in the same transaction."""
    befores = [_before(reading) for reading in readings]
    touches_attainment = state == State.APPROVED or any(r.state == State.APPROVED for r in readings)
    for reading in readings:
        reading.state = state
        for name, value in stamp.items():
            setattr(reading, name, value)
        _raise_version(reading)
    Reading.objects.bulk_update(readings, ["state", "version", *stamp], batch_size=200)
    audit.record_many(_event(r, by, action, before) for r, before in zip(readings, befores, strict=True))
    _settle(readings, recompute=touches_attainment)
    return len(readings)


def _settle(readings: list[Reading], *, recompute: bool) -> None:
    """Bring the units' attainment up to date, mark what stands on them, raise the epoch."""
    if recompute:
        pairs = {(r.assessment.area_id, r.assessment.round.period_id) for r in readings}
        engine.recompute(engine.folders(engine.units(pairs)))
        for period_id in {period_id for _, period_id in pairs}:
            areas = [area_id for area_id, of in pairs if of == period_id]
            dirty.mark(area_ids=areas, period=Period.objects.get(pk=period_id))
    _bump(readings[0])


_NO_STEPS = {
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
    (reading,) = _fetch([reading_id], by)
    if not reason.strip():
        raise Refused("Ghi lý do.", field="reason", code="required")
    if reading.input.derived:
        raise WrongState("Giá trị này do hệ thống tính.", field="state", code="derived")
    _require_open(reading.assessment.round)
    _require_version(reading, version)
    return reading


def _send_back(reading: Reading, state: State, action: str, reason: str, by: User, **stamp: object) -> Reading:
    before, was_approved = _before(reading), reading.state == State.APPROVED
    for name, value in {**_NO_STEPS, **stamp}.items():
        setattr(reading, name, value)
    reading.state = state
    _raise_version(reading)
    reading.save()
    audit.record_many([_event(reading, by, action, before, reason.strip())])
    _settle([reading], recompute=was_approved)
    return reading

"""The life of a value: entered, submitted, verified, appraised, approved; returned or unlocked with a reason.

Every step locks the unit's attainment rows first, in a statement of its own, then reads what it changes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent, User
from accounts.roles import Permission, Role
from communes import epochs
from criteria import dirty, engine, masks
from criteria.engine import Folder
from criteria.models import Reading, Round, State
from criteria.procedure import LEADS_TO, PERMISSION, Step, procedure_for
from criteria.queries.held import Held, held
from criteria.queries.scope import may_return, may_take, reach, readings_in_scope
from criteria.resolving import resolver_for
from criteria.rules import numbers, ranges
from criteria.statements import Ids, call, together

CLOSED = "Kỳ này đã chốt. Cần mở lại kỳ để sửa."
OWN_VALUE = {
    Step.VERIFY: "Bạn không thể thẩm tra giá trị do chính mình nhập.",
    Step.APPRAISE: "Bạn không thể thẩm định giá trị mà mình đã nhập hoặc thẩm tra.",
    Step.APPROVE: "Bạn không thể phê duyệt giá trị do chính mình nhập, thẩm tra hoặc thẩm định.",
}
WRONG_ROLE = "Bạn không được giao bước này với giá trị này."
_STEP_FIELDS = {
    State.SUBMITTED: "submitted",
    State.VERIFIED: "verified",
    State.APPRAISED: "appraised",
    State.APPROVED: "approved",
}
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


def _fetch(ids: Iterable[int], by: User) -> list[Reading]:
    """Lock and load readings that the person may see while they are on their way; any other is absent."""
    wanted = set(ids)
    seen = readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk__in=wanted)
    if not wanted or seen.count() != len(wanted):
        raise OutOfScope()
    engine.lock(engine.UNITS_OF_READINGS, Ids.of(wanted))
    return _loaded(wanted)


def _require_open(where: Round | Held) -> None:
    if not where.is_open:
        raise WrongState(CLOSED, field="value", code="round_closed")


def _require_version(reading: Reading, version: int, mine: str = "") -> None:
    if reading.version != version:
        _refuse_stale(reading, mine)


def _refuse_stale(reading: Reading, mine: str = "") -> None:
    raise Stale(
        "Người khác vừa sửa giá trị này. Xem lại rồi chọn một giá trị.",
        field="value",
        mine=mine,
        theirs=_plain(reading),
        version=reading.version,
        changed_by=str(reading.entered_by or ""),
    )


def _plain(reading: Reading | Held) -> str:
    """The stored value as plain text for history and conflicts; empty = no value."""
    if reading.not_applicable:
        return "not_applicable"
    return "" if reading.value is None else f"{reading.value.normalize():f}"


def _change(value: Held, state: State) -> dict[str, dict[str, str]]:
    """What a step does to a value, as its history tells it."""
    plain = _plain(value)
    before = {"value": plain, "state": State(value.state).name.lower()}
    return {"before": before, "after": {"value": plain, "state": state.name.lower()}}


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
    values, units = _folder(assessment_id, by, (State.DRAFT, State.RETURNED))
    values = [each for each in values if (each.value is not None or each.not_applicable) and not each.is_derived]
    if not values:
        raise WrongState("Chưa có giá trị nào để nộp.", field="assessment")
    if not reach(by, Permission.ENTER, set(_roles(values[0], Step.ENTER))).holds(values[0]):
        raise NotAllowed(WRONG_ROLE, field="assessment")
    return _move(values, units, State.SUBMITTED, "submit", by)


@transaction.atomic
def verify(*, assessment_id: int, by: User) -> int:
    """Verify (thẩm tra) every submitted value of the folder; returns how many."""
    values, units = _folder(assessment_id, by, (State.SUBMITTED,))
    if not values:
        raise WrongState("Hồ sơ không có giá trị chờ thẩm tra.", field="assessment")
    return _advance(values, units, Step.VERIFY, by)


def _folder(assessment_id: int, by: User, states: tuple[State, ...]) -> tuple[list[Held], list[Folder]]:
    """The values of one folder in the given states and the folders of its unit, locked; absent outside the scope."""
    units = engine.lock(engine.UNITS_OF_FOLDERS, Ids.of([assessment_id]))
    ids = list(Reading.objects.filter(assessment_id=assessment_id).values_list("pk", flat=True))
    values, mine = held(ids), reach(by, Permission.SEE_DRAFTS)
    if not any(mine.holds(value) for value in values):
        raise OutOfScope()
    _require_open(values[0])
    return [value for value in values if value.state in states], units


@transaction.atomic
def appraise(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Appraise (thẩm định) values of the criteria of the person's department; returns how many.

    `versions` by reading id, where known: Stale if one of them is no longer the stored one.
    """
    return _advance(*_seen(reading_ids, by, versions), Step.APPRAISE, by)


@transaction.atomic
def approve(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Approve values; the communes' own attainment is right at this commit. `versions` as for `appraise`."""
    return _advance(*_seen(reading_ids, by, versions), Step.APPROVE, by)


def _seen(reading_ids: Iterable[int], by: User, versions: dict[int, int] | None) -> tuple[list[Held], list[Folder]]:
    """The values, each in the version that the person saw, and the folders of their units, all locked."""
    ids, mine = sorted(set(reading_ids)), reach(by, Permission.SEE_DRAFTS)
    units = engine.lock(engine.UNITS_OF_READINGS, Ids.of(ids))
    values = held(ids)
    if not ids or len(values) != len(ids) or not all(mine.holds(value) for value in values):
        raise OutOfScope()
    for value in values:
        if versions and value.version != versions.get(value.pk, value.version):
            _refuse_stale(Reading.objects.select_related("entered_by").get(pk=value.pk))
    return values, units


def _advance(values: list[Held], units: list[Folder], step: Step, by: User) -> int:
    """Take `step` with all the values or with none: round, reach, state and four eyes are checked for each."""
    for value in values:
        _require_open(value)
    reaches = {roles: reach(by, PERMISSION[step], set(roles)) for roles in {_roles(value, step) for value in values}}
    if not all(reaches[_roles(value, step)].holds(value) for value in values):
        raise NotAllowed(WRONG_ROLE, field="state")
    for value in values:
        if value.state != value.procedure.state_before(step):
            raise WrongState(f"Giá trị {value.code} {State(value.state).label}, chưa tới bước này.", field="state")
        if value.was_handled_by(by):
            raise NotAllowed(OWN_VALUE[step], field="state", code="four_eyes")
    return _move(values, units, LEADS_TO[step], step.value, by)


def _roles(value: Held, step: Step) -> frozenset[Role]:
    return value.procedure.roles.get(step, frozenset())


_TAKE = """
    UPDATE criteria_reading
    SET state = %(state)s, version = version + 1, {stem}_by_id = %(by)s, {stem}_at = %(now)s WHERE id {ids}
"""


def _move(values: list[Held], units: list[Folder], state: State, action: str, by: User) -> int:
    """Move the values to `state`, with audit, attainment, dirty marks and epoch in the same transaction."""
    take = _TAKE.replace("{stem}", _STEP_FIELDS[state])
    changes = ((value.pk, _change(value, state)) for value in values)
    calls = [
        call(take, Ids.of(value.pk for value in values), state=int(state), by=by.pk, now=timezone.now()),
        *audit.insertions(by=by, action=f"reading.{action}", subject=Reading, rows=changes),
    ]
    if state == State.APPROVED or any(value.state == State.APPROVED for value in values):
        calls.append(masks.writing(Ids.of(value.folder_id for value in values)))
        _settle(values, units, together(*calls)[0])
    else:
        together(*calls)
    epochs.bump(values[0].province_code)
    return len(values)


def _settle(values: list[Held], units: list[Folder], differing: int) -> None:
    """Bring up to date what stands on the attainment of the values' folders, of which so many rows differed.

    Above the units it is left to the job, and marked. Whatever rests on invented values says so, above as well.
    """
    moved = any(value.is_illustrative or value.is_measured_elsewhere for value in values)
    if differing or moved:
        differing += engine.follow(units)
    if differing or moved:
        areas: dict[tuple[int, dt.date], set[int]] = defaultdict(set)
        for value in values:
            areas[value.period_id, value.ends_on].add(value.area_id)
        for (period_id, ends_on), area_ids in sorted(areas.items()):
            dirty.mark_in(area_ids=area_ids, period_id=period_id, on=ends_on)


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
    if was_approved:
        folder = Ids.of([reading.assessment_id])
        _settle(held([reading.pk]), engine.folders_of(engine.UNITS_OF_FOLDERS, folder), masks.write(folder))
    _bump(reading)
    return reading

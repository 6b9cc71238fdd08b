"""The steps of the procedure, for one value or for many: with all of them or with none."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission, Role
from communes import epochs
from criteria import dirty, engine, masks, sums
from criteria.actions.readings.shared import WRONG_ROLE, plain, refuse_stale, require_open
from criteria.engine import Folder
from criteria.models import Reading, State
from criteria.procedure import LEADS_TO, PERMISSION, Step
from criteria.queries.held import Held, held
from criteria.queries.scope import reach
from criteria.statements import Ids, call, together

OWN_VALUE = {
    Step.VERIFY: "Bạn không thể thẩm tra giá trị do chính mình nhập.",
    Step.APPRAISE: "Bạn không thể thẩm định giá trị mà mình đã nhập hoặc thẩm tra.",
    Step.APPROVE: "Bạn không thể phê duyệt giá trị do chính mình nhập, thẩm tra hoặc thẩm định.",
}
ONLY_RETURNED = "Các giá trị bị trả lại chưa được sửa. Sửa, hoặc ghi lý do giữ nguyên, rồi nộp."
UNEXPLAINED = "Giá trị khác thường cần ghi chú giải trình trước khi nộp: {}."
_STEP_FIELDS = {
    State.SUBMITTED: "submitted",
    State.VERIFIED: "verified",
    State.APPRAISED: "appraised",
    State.APPROVED: "approved",
}


@transaction.atomic
def submit(*, assessment_id: int, by: User) -> int:
    """Hand in every filled value of the folder that is with the person who enters; returns how many.

    A value that came back and that nobody touched since stays: it is changed, or answered with a note, first.
    """
    with_enterer, units = _folder(assessment_id, by, (State.DRAFT, State.RETURNED))
    filled = [each for each in with_enterer if (each.value is not None or each.not_applicable) and not each.is_derived]
    values = [each for each in filled if each.state == State.DRAFT]
    if not values:
        raise WrongState(ONLY_RETURNED if filled else "Chưa có giá trị nào để nộp.", field="assessment")
    if not reach(by, Permission.SUBMIT, set(_roles(values[0], Step.ENTER))).holds(values[0]):
        raise NotAllowed(WRONG_ROLE, field="assessment")
    if unexplained := [each.code for each in values if each.is_unexplained]:
        raise Refused(UNEXPLAINED.format(", ".join(unexplained)), field="note", code="unexplained")
    if summed := [each.code for each in values if each.is_in_sum]:
        sums.require(assessment_id, summed, field="value")
    return _move(values, units, State.SUBMITTED, "submit", by)


@transaction.atomic
def verify(*, assessment_id: int, by: User) -> int:
    """Verify (thẩm tra) every submitted value of the folder; returns how many."""
    values, units = _folder(assessment_id, by, (State.SUBMITTED,))
    if not values:
        raise WrongState("Hồ sơ không có giá trị chờ thẩm tra.", field="assessment")
    return advance(values, units, Step.VERIFY, by)


def _folder(assessment_id: int, by: User, states: tuple[State, ...]) -> tuple[list[Held], list[Folder]]:
    """The values of one folder in the given states and the folders of its unit, locked; absent outside the scope."""
    units = engine.lock(engine.UNITS_OF_FOLDERS, Ids.of([assessment_id]))
    ids = list(Reading.objects.filter(assessment_id=assessment_id).values_list("pk", flat=True))
    values, mine = held(ids), reach(by, Permission.SEE_DRAFTS)
    if not any(mine.holds(value) for value in values):
        raise OutOfScope()
    require_open(values[0])
    return [value for value in values if value.state in states], units


@transaction.atomic
def verify_readings(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Verify single values, where the rest of the folder is looked at later. `versions` as for `appraise`."""
    return advance(*_seen(reading_ids, by, versions), Step.VERIFY, by)


@transaction.atomic
def appraise(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Appraise (thẩm định) values of the criteria of the person's department; returns how many.

    `versions` by reading id, where known: Stale if one of them is no longer the stored one.
    """
    return advance(*_seen(reading_ids, by, versions), Step.APPRAISE, by)


@transaction.atomic
def approve(*, reading_ids: Iterable[int], by: User, versions: dict[int, int] | None = None) -> int:
    """Approve values; the communes' own attainment is right at this commit. `versions` as for `appraise`."""
    return advance(*_seen(reading_ids, by, versions), Step.APPROVE, by)


def _seen(reading_ids: Iterable[int], by: User, versions: dict[int, int] | None) -> tuple[list[Held], list[Folder]]:
    """The values, each in the version that the person saw, and the folders of their units, all locked."""
    ids, mine = sorted(set(reading_ids)), reach(by, Permission.SEE_DRAFTS)
    units = engine.lock(engine.UNITS_OF_READINGS, Ids.of(ids))
    values = held(ids)
    if not ids or len(values) != len(ids) or not all(mine.holds(value) for value in values):
        raise OutOfScope()
    for value in values:
        if versions and value.version != versions.get(value.pk, value.version):
            refuse_stale(Reading.objects.select_related("entered_by").get(pk=value.pk))
    return values, units


def advance(values: list[Held], units: list[Folder], step: Step, by: User) -> int:
    """Take `step` with all the values or with none: round, reach, state and four eyes are checked for each."""
    for value in values:
        require_open(value)
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
    changes = ((value.pk, value.path or "", _change(value, state)) for value in values)
    calls = [
        call(take, Ids.of(value.pk for value in values), state=int(state), by=by.pk, now=timezone.now()),
        *audit.insertions(by=by, action=f"reading.{action}", subject=Reading, rows=changes),
    ]
    if state == State.APPROVED or any(value.state == State.APPROVED for value in values):
        calls.append(masks.writing(Ids.of(value.folder_id for value in values)))
        settle(values, units, together(*calls)[0])
    else:
        together(*calls)
    epochs.bump(values[0].province_code)
    return len(values)


def settle(values: list[Held], units: list[Folder], differing: int) -> None:
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


def _change(value: Held, state: State) -> dict[str, dict[str, str]]:
    """What a step does to a value, as its history tells it."""
    said = plain(value)
    before = {"value": said, "state": State(value.state).name.lower()}
    return {"before": before, "after": {"value": said, "state": state.name.lower()}}

"""What every action on a value does: fetch it under lock, refuse what is closed or stale, tell its history."""

from collections.abc import Iterable

from accounts import audit
from accounts.errors import OutOfScope, Stale, WrongState
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from communes import epochs
from communes.queries import path_of
from criteria import engine
from criteria.models import Reading, Round, State
from criteria.queries.held import Held
from criteria.queries.scope import readings_in_scope
from criteria.statements import Ids

NOT_APPLICABLE = "not_applicable"
CLOSED = "Kỳ này đã chốt. Cần mở lại kỳ để sửa."
WRONG_ROLE = "Bạn không được giao bước này với giá trị này."
_RELATED = (
    "assessment__area",
    "assessment__round__period",
    "assessment__round__criteria_set",
    "assessment__round__province",
    "input",
    "threshold",
)


def loaded(ids: Iterable[int]) -> list[Reading]:
    """The readings under lock, in one order, each with its folder, period and input."""
    rows = Reading.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    return list(rows.select_related(*_RELATED))


def fetch(ids: Iterable[int], by: User) -> list[Reading]:
    """Lock and load readings that the person may see while they are on their way; any other is absent."""
    wanted = set(ids)
    seen = readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk__in=wanted)
    if not wanted or seen.count() != len(wanted):
        raise OutOfScope()
    engine.lock(engine.UNITS_OF_READINGS, Ids.of(wanted))
    return loaded(wanted)


def require_open(where: Round | Held) -> None:
    if not where.is_open:
        raise WrongState(CLOSED, field="value", code="round_closed")


def require_version(reading: Reading, version: int, mine: str = "") -> None:
    if reading.version != version:
        refuse_stale(reading, mine)


def refuse_stale(reading: Reading, mine: str = "") -> None:
    raise Stale(
        "Người khác vừa sửa giá trị này. Xem lại rồi chọn một giá trị.",
        field="value",
        mine=mine,
        theirs=plain(reading),
        version=reading.version,
        changed_by=str(reading.entered_by or ""),
    )


def plain(reading: Reading | Held) -> str:
    """The stored value as plain text for history and conflicts; empty = no value."""
    if reading.not_applicable:
        return NOT_APPLICABLE
    return "" if reading.value is None else f"{reading.value.normalize():f}"


def event(reading: Reading, by: User | None, action: str, before: dict, reason: str = "") -> AuditEvent:
    after = {"value": plain(reading), "state": State(reading.state).name.lower()}
    folder = reading.assessment
    return audit.event(
        by=by,
        action=f"reading.{action}",
        subject=reading,
        area_path=path_of([folder.area_id], folder.round.period.ends_on).get(folder.area_id, ""),
        reason=reason,
        data={"before": before, "after": after},
    )


def before_of(reading: Reading) -> dict:
    return {"value": plain(reading), "state": State(reading.state).name.lower()}


def raise_version(reading: Reading) -> None:
    reading.version += 1


def bump(reading: Reading) -> None:
    epochs.bump(reading.assessment.round.province.code)

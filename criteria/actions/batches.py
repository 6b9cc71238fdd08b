"""Values of another system, thousands at once: each found by unit, period, set and input, and entered as on screen.

Two ways: all of them or none; or each that can be. The statements are as many for five thousand values as for one of
the same round. Values are written as an import writes them (criteria.workbooks.applying), in one transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from criteria import engine
from criteria.actions.readings.entering import SUBMITTED, understood
from criteria.actions.readings.shared import CLOSED, WRONG_ROLE
from criteria.models import Assessment, Input, Reading, Round, State
from criteria.queries import wording
from criteria.queries.scope import readings_in_scope
from criteria.statements import Ids
from criteria.workbooks import applying
from criteria.workbooks.checking import Outcome, Staged, check_related
from criteria.workbooks.slots import Slot, enterable, inputs_of, slots_of

NEW, CHANGED, UNCHANGED, REFUSED, CONFLICT, HELD_BACK = (
    "new", "changed", "unchanged", "refused", "conflict", "held_back",
)  # fmt: skip
STATUSES = (NEW, CHANGED, UNCHANGED, REFUSED, CONFLICT, HELD_BACK)
ABSENT = "Không tìm thấy giá trị này, hoặc bạn không có quyền xem."
TWICE = "Giá trị này có ở hơn một dòng. Giữ một dòng."
WHICH_INPUT = "Chỉ tiêu {} có nhiều nội dung. Ghi input: một trong {}."
STALE = "Người khác đã sửa giá trị này sau khi bạn đọc."


@dataclass(slots=True, eq=False)
class Line:
    """One value as it was sent, and what became of it. `text` is what an officer would type."""

    area: str
    period: str
    set: str
    indicator: str
    input: str
    text: str
    sent: Any = None
    note: str | None = None
    version: int | None = None
    status: str = ""
    member: str = ""  # where the fault is
    code: str = ""
    message: str = ""
    slot: Slot | None = None
    old: tuple[Decimal | None, bool] | None = None
    new: tuple[Decimal | None, bool] | None = None
    beside: tuple[str, ...] = ()  # alternatives that no longer apply along the way
    warnings: tuple[str, ...] = ()

    def refuse(self, code: str, message: str, *, member: str = "value", status: str = REFUSED) -> None:
        self.status, self.code, self.message, self.member = status, code, message, member

    @property
    def is_refused(self) -> bool:
        return self.status in (REFUSED, CONFLICT)


@dataclass(slots=True)
class _Entry(Staged):
    """A value that would be written, with the note that came with it."""

    note: str | None = None

    @property
    def row(self) -> list[Any]:
        value = None if self.value is None else f"{self.value:f}"
        return [self.slot.pk, self.version, value, self.not_applicable, self.note]


class _Checked(Outcome):
    """What would be written of one round; refusals go to their lines."""

    def refuse(self, given: Any, message: str, code: str = "") -> None:
        given.refuse(code, message)


def enter(*, lines: list[Line], whole: bool, dry_run: bool, by: User) -> int:
    """Enter all lines (`whole`: or none); how many values were or would be written. Each line says what became of it.

    A line that was refused before it came here is left alone, and counts. One that cannot be written never raises.
    """
    with transaction.atomic():
        work = list(_checked(lines, by, lock=not dry_run))
        if whole and any(line.is_refused for line in lines):
            _hold_back(lines)
            return 0
        written = sum(_write(outcome, opened, by, dry_run=dry_run) for opened, outcome in work if outcome.staged)
        for code in sorted({opened.province.code for opened, outcome in work if outcome.staged and not dry_run}):
            epochs.bump(code)
    return written


def _hold_back(lines: list[Line]) -> None:
    for line in lines:
        if line.status in (NEW, CHANGED):
            line.status = HELD_BACK


def _checked(lines: list[Line], by: User, *, lock: bool) -> Iterator[tuple[Round, _Checked]]:
    """Round by round what would be written, after the units of all of them were locked in one order."""
    meant = [line for line in lines if not line.status]
    wanted: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in meant:
        wanted[line.period, line.set].append(line)
    folders = _folders(wanted, {line.area for line in meant})
    if lock:
        engine.lock(engine.UNITS_OF_FOLDERS, Ids.of(_own(folders, by)))
    found: list[tuple[Round, _Checked]] = []
    related = Round.objects.select_related("period", "criteria_set", "province")
    # After the lock: a round that was closed meanwhile is closed for all of its lines.
    for opened in related.filter(pk__in=folders).order_by("pk"):
        its_own = wanted[opened.period.code, opened.criteria_set.slug]
        units = {line.area for line in its_own} & folders[opened.pk].keys()
        found.append((opened, _of_round([line for line in its_own if line.area in units], opened, folders, by)))
    for line in meant:
        if not line.status:
            line.refuse("not_found", ABSENT, member="area")
    return iter(found)


def _folders(rounds: Collection[tuple[str, str]], codes: Collection[str]) -> dict[int, dict[str, int]]:
    """By round, the folders of the named units: unit's code → folder."""
    named = Assessment.objects.filter(
        round__period__code__in={period for period, _ in rounds},
        round__criteria_set__slug__in={slug for _, slug in rounds},
        area__code__in=codes,
    ).values_list("round_id", "round__period__code", "round__criteria_set__slug", "area__code", "pk")
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for round_id, period, slug, code, pk in named:
        if (period, slug) in rounds:
            found[round_id][code] = pk
    return dict(found)


def _own(folders: dict[int, dict[str, int]], by: User) -> list[int]:
    """Those among the folders in which the person enters anything: nobody makes others wait by naming their units."""
    named = [pk for found in folders.values() for pk in found.values()]
    mine = readings_in_scope(by, Permission.ENTER).filter(assessment__in=named)
    return list(mine.order_by().values_list("assessment", flat=True).distinct())


def _of_round(lines: list[Line], opened: Round, folders: dict[int, dict[str, int]], by: User) -> _Checked:
    outcome, entries = _Checked(), inputs_of(opened)
    named = _with_inputs(lines, entries)
    places = {
        "assessment__in": list(folders[opened.pk].values()),
        "input__in": _needed({line.input for line in named}, entries),
    }
    slots = _by_codes(slots_of(enterable(by, opened).filter(**places), opened, entries))
    seen: dict[int, Line] = {}
    strangers = []
    for line in named:
        line.slot = slots.get((line.area, line.input))
        if line.slot is None:
            strangers.append(line)
        elif first := seen.setdefault(line.slot.pk, line):
            if first is not line:
                _refuse_both(outcome, line.slot, first, line)
            else:
                _check(outcome, line, line.slot, opened)
    if strangers:
        _tell_strangers(strangers, places, by)
    check_related(outcome, slots.values())
    _tell_beside(outcome)
    return outcome


def _by_codes(slots: Iterable[Slot]) -> dict[tuple[str, str], Slot]:
    return {(slot.area_code, slot.input.code): slot for slot in slots}


def _with_inputs(lines: list[Line], entries: list[Input]) -> list[Line]:
    """The lines whose input is known: by its own code, or as the only one of an indicator."""
    of_indicator: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        of_indicator[entry.indicator.code].append(entry.code)
    known = {entry.code for entry in entries}
    found = []
    for line in lines:
        if not line.input and len(codes := of_indicator.get(line.indicator, [])) > 1:
            line.refuse("which_input", WHICH_INPUT.format(line.indicator, ", ".join(codes)), member="indicator")
            continue
        line.input = line.input or next(iter(of_indicator.get(line.indicator, [])), "")
        if line.input in known:
            found.append(line)
        else:
            line.refuse("not_found", ABSENT, member="indicator" if line.indicator else "input")
    return found


def _needed(codes: Collection[str], entries: list[Input]) -> list[int]:
    """The inputs with these codes, and those that a rule compares them with: alternatives, parts of a stated sum."""
    given = [entry for entry in entries if entry.code in codes]
    alternatives = {(entry.indicator_id, entry.alternative) for entry in given if entry.alternative}
    with_sums = any(entry.in_sum for entry in given)
    return [
        entry.pk
        for entry in entries
        if entry.code in codes
        or (entry.indicator_id, entry.alternative) in alternatives
        or (with_sums and entry.in_sum)
    ]


def _refuse_both(outcome: Outcome, slot: Slot, first: Line, second: Line) -> None:
    """Which of two was meant is not ours to choose: neither is written."""
    outcome.staged.pop(slot.pk, None)
    for line in (first, second):
        line.refuse("duplicate", TWICE, member="")


def _tell_strangers(lines: list[Line], places: dict[str, list[int]], by: User) -> None:
    """A value that the person may see but not enter is told from one that is absent for them."""
    visible = readings_in_scope(by, Permission.SEE_DRAFTS).filter(**places)
    seen = set(visible.values_list("assessment__area__code", "input__code"))
    for line in lines:
        if (line.area, line.input) in seen:
            line.refuse("not_allowed", WRONG_ROLE, member="")
        else:
            line.refuse("not_found", ABSENT, member="area")


def _check(outcome: Outcome, line: Line, slot: Slot, opened: Round) -> None:
    """The rules of entering one value (criteria.actions.readings.entering), for one line."""
    line.old = stored = (slot.value, slot.not_applicable)
    if not opened.is_open:
        return line.refuse("round_closed", CLOSED)
    try:
        line.new = given = understood(slot.input, line.text)
    except Refused as refused:
        return line.refuse(refused.code, refused.message)
    is_answer = slot.state == State.RETURNED and bool(line.note) and line.version in (None, slot.version)
    if given == stored and line.note in (None, slot.note) and not is_answer:
        line.status = UNCHANGED
    elif line.version not in (None, slot.version):
        line.refuse("stale", STALE, status=CONFLICT)
    elif slot.state not in (State.DRAFT, State.RETURNED):
        line.refuse("wrong_state", SUBMITTED)
    else:
        line.status = NEW if stored == (None, False) else CHANGED
        outcome.staged[slot.pk] = _Entry(slot, slot.version, *given, line, line.note)  # type: ignore[arg-type]


def _tell_beside(outcome: Outcome) -> None:
    for staged in outcome.staged.values():
        line: Any = staged.given
        if line.slot is not staged.slot:
            line.beside += (staged.slot.input.code,)


def _write(outcome: Outcome, opened: Round, by: User, *, dry_run: bool) -> int:
    """Write what was checked, or only say what would look wrong about it."""
    rows, changed = outcome.rows, [staged.slot for staged in outcome.staged.values()]
    applying.put(changed, rows)
    resolved = applying.resolved(changed, rows, opened)
    if not dry_run:
        applying.store(resolved, by=by, opened=opened, origin=Reading.Origin.ENTERED)
    _warn(outcome.staged.values())
    return len(rows)


def _warn(written: Iterable[Any]) -> None:
    for staged in written:
        if staged.slot.flags and staged.given.slot is staged.slot:
            staged.given.warnings = tuple(wording.flags(staged.slot))

"""Given cells against the stored values: what would be written, and every fault at once. Nothing is changed here."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from criteria import sums
from criteria.actions.readings.entering import SUBMITTED
from criteria.models import Input, State
from criteria.rules import numbers, ranges
from criteria.workbooks.slots import Slot
from criteria.workbooks.table import Fault, Given, Key, is_legacy, original_of
from criteria.workbooks.units import Units

LEGACY = "Chữ gõ bằng phông cũ (TCVN3, VNI). Chuyển sang Unicode rồi tải lên lại."
DATE = "Ô có định dạng ngày ({}). Đổi định dạng ô thành Số rồi gõ lại giá trị."
TRUTH = "Ô là TRUE/FALSE. Gõ “Đạt” hoặc “Chưa đạt”."
FRACTION = "{} ở ô tính bằng %: gõ {} nếu là {}%, hoặc gõ “{}%” nếu đúng là dưới 1%."
DERIVED = "Giá trị này do hệ thống tính, không nhập tay. Xoá nội dung ô."
MUST_APPLY = "Chỉ tiêu này luôn áp dụng, không chọn được “không áp dụng”."
ONE_MUST_APPLY = "Một trong các nội dung thay thế nhau phải áp dụng."
CONFLICT = "Người khác đã sửa sau khi tải bảng: đang là {}, trong tệp là {}. Tải bảng mới rồi nhập lại."
_FOUR_PLACES = Decimal("0.0001")


class Unacceptable(Exception):
    """The cell's message."""


@dataclass
class Staged:
    """A value that would be written over the version that was read."""

    slot: Slot
    version: int
    value: Decimal | None
    not_applicable: bool
    given: Given

    @property
    def row(self) -> list[Any]:
        """As it is kept until it is applied."""
        value = None if self.value is None else f"{self.value:f}"
        return [self.slot.pk, self.version, value, self.not_applicable]


@dataclass
class Outcome:
    """What came of the check."""

    staged: dict[int, Staged] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    conflicts: int = 0

    @property
    def rows(self) -> list[list[Any]]:
        """What would be written, as it is kept until it is applied."""
        return [each.row for each in self.staged.values()]

    def refuse(self, given: Given, message: str, code: str = "") -> None:
        """`code` names the rule for whoever tells refusals apart by more than their words."""
        self.refused += 1
        self.faults.append(Fault(given.sheet, given.row, given.column, message))


def check(given: Iterable[Given], *, slots: dict[tuple[int, str], Slot], units: Units, key: Key | None) -> Outcome:
    """Check every given cell; `slots` are the values that the person may enter, by unit and input code."""
    outcome = Outcome()
    seen: dict[int, Given] = {}
    told: dict[str, None] = {}
    refused_rows: set[tuple[str, int]] = set()
    for each in given:
        found = units.find(each.unit_code, each.unit_name)
        if found.area_id is None:
            _refuse_row(outcome, each, found.message, refused_rows)
            continue
        if found.told:
            told[found.told] = None
        slot = slots.get((found.area_id, each.input_code))
        if slot is None:
            outcome.refuse(each, f"Không có mã “{each.input_code}” ở đơn vị này trong đợt.")
        elif slot.pk in seen:
            _refuse_both(outcome, slot, seen[slot.pk], each)
        else:
            seen[slot.pk] = each
            _check_cell(outcome, each, slot, key)
    outcome.notices += told
    check_related(outcome, slots.values())
    _count(outcome)
    return outcome


def check_related(outcome: Outcome, slots: Collection[Slot]) -> None:
    """What holds between the values of a folder, with what would be written: alternatives, then stated sums."""
    _check_alternatives(outcome, slots)
    _check_sums(outcome, slots)


def _refuse_row(outcome: Outcome, given: Given, message: str, refused_rows: set[tuple[str, int]]) -> None:
    """One message for a row, however many values it has; each of them is counted."""
    if (given.sheet, given.row) not in refused_rows:
        refused_rows.add((given.sheet, given.row))
        legacy = is_legacy(given.unit_name) and not given.unit_code
        outcome.faults.append(Fault(given.sheet, given.row, given.unit_column, LEGACY if legacy else message))
    outcome.refused += 1


def _refuse_both(outcome: Outcome, slot: Slot, first: Given, second: Given) -> None:
    """Which of two was meant is not ours to choose: neither is written."""
    where = first.address if first.sheet == second.sheet else f"{first.address} trang “{first.sheet}”"
    outcome.refuse(second, f"Giá trị này đã có ở ô {where}. Giữ một ô.")
    if outcome.staged.pop(slot.pk, None):
        outcome.refused += 1


def _check_cell(outcome: Outcome, given: Given, slot: Slot, key: Key | None) -> None:
    try:
        value, not_applicable = _understood(given, slot.input, is_ours=key is not None)
        if (value, not_applicable) == (slot.value, slot.not_applicable) or _untouched(value, not_applicable, slot, key):
            outcome.unchanged += 1
            return
        if slot.input.derived:
            raise Unacceptable(DERIVED)
        if slot.state not in (State.DRAFT, State.RETURNED):
            raise Unacceptable(SUBMITTED)
    except Unacceptable as fault:
        outcome.refuse(given, str(fault))
        return
    version = slot.version if key is None else key.versions.get((slot.area_code, slot.input.code), slot.version)
    if version != slot.version:
        outcome.conflicts += 1
        theirs, mine = _words(slot.input, slot.value, slot.not_applicable), _words(slot.input, value, not_applicable)
        outcome.faults.append(Fault(given.sheet, given.row, given.column, CONFLICT.format(theirs, mine)))
        return
    outcome.staged[slot.pk] = Staged(slot, version, value, not_applicable, given)


def _untouched(value: Decimal | None, not_applicable: bool, slot: Slot, key: Key | None) -> bool:
    """Whether the cell holds what our workbook held when it was fetched, whatever became of the value since."""
    original = key.originals.get((slot.area_code, slot.input.code)) if key else None
    return original is not None and original_of(value, not_applicable) == original


def _words(entry: Input, value: Decimal | None, not_applicable: bool) -> str:
    if not_applicable:
        return "không áp dụng"
    if value is None:
        return "trống"
    if entry.value_type == Input.ValueType.BOOLEAN:
        return "đạt" if value else "chưa đạt"
    return numbers.typed(value)


def _understood(given: Given, entry: Input, *, is_ours: bool) -> tuple[Decimal | None, bool]:
    """The cell as a value of the input's type; Unacceptable with the message for the cell."""
    parsed = _parsed(given, entry, is_ours=is_ours)
    if parsed.not_applicable and not (entry.may_not_apply or entry.alternative):
        raise Unacceptable(MUST_APPLY)
    if parsed.value is not None and (fault := ranges.fault(parsed.value, entry.value_type)):
        raise Unacceptable(fault)
    return parsed.value, parsed.not_applicable


def _parsed(given: Given, entry: Input, *, is_ours: bool) -> numbers.Parsed:
    """What the cell means, read as if a person had typed what it shows."""
    if given.fault:
        raise Unacceptable(given.fault)
    if isinstance(given.value, list):
        kind, text = given.value
        raise Unacceptable(DATE.format(text) if kind == "date" else TRUTH)
    if isinstance(given.value, str):
        return _read(given.value, entry)
    number = _number(given, entry, is_ours=is_ours)
    if given.is_percent or entry.value_type == Input.ValueType.BOOLEAN or number >= ranges.TOO_LARGE:
        return _read(numbers.typed(number) + "%" * given.is_percent, entry)
    return numbers.Parsed(number)


def _read(text: str, entry: Input) -> numbers.Parsed:
    try:
        return numbers.parse(text, entry.value_type, about=entry.name)
    except numbers.Unreadable as unreadable:
        raise Unacceptable(LEGACY if is_legacy(text) else unreadable.message) from unreadable


def _number(given: Given, entry: Input, *, is_ours: bool) -> Decimal:
    """The number that the cell shows; Unacceptable where it may be a fraction that was meant as a per cent."""
    if not math.isfinite(given.value):
        raise Unacceptable("Ô bị lỗi hoặc công thức chưa tính. Gõ giá trị vào ô.")
    number = _decimal(given.value * 100 if given.is_percent else given.value)
    is_percent = entry.value_type == Input.ValueType.PERCENT
    if is_percent and not given.is_percent and not is_ours and 0 < number < 1:
        typed, hundred = numbers.typed(number), numbers.typed(_decimal(given.value * 100))
        raise Unacceptable(FRACTION.format(typed, hundred, hundred, typed))
    return number


def _decimal(number: float) -> Decimal:
    """The number as it is kept, to four places, without the noise of binary fractions."""
    exact = Decimal(f"{number:.15g}")
    if abs(exact) >= 10**12:
        return exact  # out of every range: refused with its own message
    kept = exact.quantize(_FOUR_PLACES, ROUND_HALF_EVEN).normalize()
    return kept if kept else Decimal(0)


def _check_alternatives(outcome: Outcome, slots: Iterable[Slot]) -> None:
    """Of inputs that stand for each other one must apply; where one is given, its empty siblings do not."""
    groups: dict[tuple[int, int, str], list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.input.alternative:
            groups[slot.assessment.pk, slot.input.indicator_id, slot.input.alternative].append(slot)
    for group in groups.values():
        touched = [outcome.staged[slot.pk] for slot in group if slot.pk in outcome.staged]
        if touched and len(group) > 1:
            _settle(outcome, group, touched)


def _settle(outcome: Outcome, group: list[Slot], touched: list[Staged]) -> None:
    after = {slot.pk: (slot.value, slot.not_applicable) for slot in group}
    after |= {each.slot.pk: (each.value, each.not_applicable) for each in touched}
    if all(not_applicable for _, not_applicable in after.values()):
        for each in touched:
            del outcome.staged[each.slot.pk]
            outcome.refuse(each.given, ONE_MUST_APPLY, "one_must_apply")
        return
    given = next((each for each in touched if each.value is not None), None)
    for slot in group if given else []:
        is_open = slot.state in (State.DRAFT, State.RETURNED)
        if after[slot.pk] == (None, False) and is_open and slot.pk not in outcome.staged:
            assert given is not None
            outcome.staged[slot.pk] = Staged(slot, slot.version, None, True, given.given)


def _check_sums(outcome: Outcome, slots: Iterable[Slot]) -> None:
    """A stated sum that would not add up keeps what was given for it out, until what is left adds up."""
    summed = [slot for slot in slots if slot.input.in_sum]
    while refused := _not_adding_up(outcome, summed):
        for pk, message in refused.items():
            outcome.refuse(outcome.staged.pop(pk).given, message, "sum")


def _not_adding_up(outcome: Outcome, summed: list[Slot]) -> dict[int, str]:
    """The staged values of broken sums, each with what to tell."""
    after = [_as_staged(slot, outcome.staged.get(slot.pk)) for slot in summed]
    found = [(value.pk, fault.message) for fault in sums.faults(after) for value in fault.values]
    return {pk: message for pk, message in found if pk in outcome.staged}


def _as_staged(slot: Slot, staged: Staged | None) -> Slot:
    return replace(slot, value=staged.value, not_applicable=staged.not_applicable) if staged else slot


def _count(outcome: Outcome) -> None:
    for each in outcome.staged.values():
        if each.slot.value is None and not each.slot.not_applicable:
            outcome.new += 1
        else:
            outcome.changed += 1

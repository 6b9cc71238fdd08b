"""Values, thresholds and states in the words and figures of the screens: 1.234,5 · ≥ 45% · Đã nộp."""

from decimal import Decimal

from communes.templatetags.vietnamese import TIERS, so
from criteria.models import Input, Reading, State, Threshold
from criteria.rules import numbers
from criteria.rules.plausibility import Flag

NO_VALUE = "–"
NOT_APPLICABLE = "Không áp dụng"
YES, NO = "Đạt", "Chưa đạt"
NO_THRESHOLD = "chưa có ngưỡng"
_SIGN = {Input.Operator.AT_LEAST: "≥", Input.Operator.AT_MOST: "≤"}
_STATE = {
    State.DRAFT: "Đã lưu",
    State.RETURNED: "Trả lại",
    State.SUBMITTED: "Đã nộp",
    State.VERIFIED: "Đã thẩm tra",
    State.APPRAISED: "Đã thẩm định",
    State.APPROVED: "Đã duyệt",
}
_FOLDER_STATE = _STATE | {State.DRAFT: "Đang nhập"}


def tier_name(code: str) -> str:
    """NTM nâng cao; the code itself where nobody named the tier."""
    return TIERS.get(code, ("", code))[1]


def is_yes_no(entry: Input) -> bool:
    return entry.value_type == Input.ValueType.BOOLEAN


def typed(reading: Reading) -> str:
    """The value as a person would type it: no thousands dot, which could be read as a decimal point."""
    if reading.not_applicable:
        return NOT_APPLICABLE
    if reading.value is None:
        return ""
    if is_yes_no(reading.input):
        return YES if reading.value else NO
    return numbers.typed(reading.value)


def shown(entry: Input, value: Decimal | None, not_applicable: bool = False) -> str:
    """The value for reading, with its percent sign; other units stand in the heading."""
    if not_applicable:
        return NOT_APPLICABLE
    if value is None:
        return NO_VALUE
    if is_yes_no(entry):
        return YES if value else NO
    return so(value) + percent_sign(entry)


def shown_reading(reading: Reading | None) -> str:
    """As `shown`; no reading at all is a dash."""
    return shown(reading.input, reading.value, reading.not_applicable) if reading else NO_VALUE


def percent_sign(entry: Input) -> str:
    return "%" if entry.value_type == Input.ValueType.PERCENT else ""


def unit(entry: Input) -> str:
    """The unit that stands beside the field; nothing for yes/no."""
    return "" if is_yes_no(entry) else percent_sign(entry) or entry.unit


def requirement(entry: Input, threshold: Threshold | None) -> str:
    """The threshold in words: ≥ 45% · ≤ 5% · Đạt · chưa có ngưỡng."""
    if threshold is None:
        return NO_THRESHOLD
    if entry.operator == Input.Operator.IS_TRUE:
        return f"{YES} ({entry.required_grade})" if entry.required_grade else YES
    return f"{_SIGN[Input.Operator(entry.operator)]}\u00a0{so(threshold.value)}{percent_sign(entry)}"


def difference(entry: Input, amount: Decimal) -> str:
    """An amount between two values: percentages differ by points."""
    return f"{so(abs(amount))}\u00a0{'điểm %' if percent_sign(entry) else entry.unit}".rstrip("\u00a0")


def gap(entry: Input, value: Decimal | None, threshold: Threshold | None) -> str:
    """How far a value that does not hold is from its threshold: thiếu 8,8 điểm %; empty where it holds."""
    if value is None or threshold is None or is_yes_no(entry):
        return ""
    short = threshold.value - value if entry.operator == Input.Operator.AT_LEAST else value - threshold.value
    if short <= 0:
        return ""
    word = "thiếu" if entry.operator == Input.Operator.AT_LEAST else "vượt"
    return f"{word} {difference(entry, short)}"


def change(entry: Input, new: Decimal | None, old: Decimal | None) -> str:
    """How a value moved since the period before: tăng 12,5 điểm %; empty where that says nothing."""
    if new is None or old is None or is_yes_no(entry) or new == old:
        return ""
    return f"{'tăng' if new > old else 'giảm'} {difference(entry, new - old)}"


def state(reading: Reading) -> str:
    """The state word of one value."""
    if reading.state == State.DRAFT and reading.value is None and not reading.not_applicable:
        return "Chưa nhập"
    if reading.state == State.DRAFT and reading.origin == Reading.Origin.PREFILLED:
        return "Lấy từ kỳ trước"
    return _STATE[State(reading.state)]


def folder_state(least: int | None) -> str:
    """The state word of a folder, from its least advanced value."""
    return _FOLDER_STATE[State.DRAFT if least is None else State(least)]


def flags(reading: Reading, before: Decimal | None = None) -> list[str]:
    """What looked wrong when the value was entered, a sentence each; with the value `before` it says by how much."""
    said = []
    if reading.flags & Flag.JUMP:
        moved = change(reading.input, reading.value, before)
        said.append(f"{(moved or 'tăng hoặc giảm mạnh').capitalize()} so với kỳ trước.")
    if reading.flags & Flag.OUTLIER:
        said.append("Khác xa các đơn vị cùng huyện.")
    return said


def days_left(days: int) -> str:
    """A countdown in words: còn 10 ngày · hạn hôm nay · quá hạn 3 ngày."""
    if days == 0:
        return "hạn hôm nay"
    return f"còn {so(days)} ngày" if days > 0 else f"quá hạn {so(-days)} ngày"

"""Numbers and thresholds in words, as the decisions write them."""

from decimal import Decimal


def vietnamese(value: Decimal) -> str:
    """1234.50 → 1.234,5."""
    whole, _, decimals = format(value, "f").partition(".")
    decimals = decimals.rstrip("0")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = sign + f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{decimals}" if decimals else grouped


def with_unit(value: Decimal, unit: str) -> str:
    """45% closed up; 48 triệu đồng/người/năm apart; "% của …" keeps its words after the sign."""
    if unit.startswith("%"):
        return f"{vietnamese(value)}{unit}"
    return f"{vietnamese(value)} {unit}".rstrip()


def threshold(value: Decimal | None, operator: str, unit: str = "", required_grade: str = "") -> str:
    """Short form for tables: "≥ 45%", "≤ 5%", "Đạt", "Đạt (Khá)", "chưa có ngưỡng"."""
    if value is None:
        return "chưa có ngưỡng"
    if operator == "is_true":
        return f"Đạt ({required_grade})" if required_grade else "Đạt"
    sign = "≤" if operator == "<=" else "≥"
    return f"{sign} {with_unit(value, unit)}"


def threshold_in_words(value: Decimal | None, operator: str, unit: str = "", required_grade: str = "") -> str:
    """Long form for sentences: "từ 45% trở lên", "không quá 5%"."""
    if value is None or operator == "is_true":
        return threshold(value, operator, unit, required_grade)
    level = with_unit(value, unit)
    return f"không quá {level}" if operator == "<=" else f"từ {level} trở lên"

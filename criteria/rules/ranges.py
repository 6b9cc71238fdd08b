"""Whether a number can be a value of its type at all, before any threshold is looked at."""

from decimal import Decimal

HUNDRED = Decimal(100)
# What the stored column holds: twelve digits before the comma, four after it.
TOO_LARGE = Decimal(10) ** 12
DECIMALS = 4


def fault(value: Decimal, value_type: str) -> str | None:
    """A Vietnamese sentence saying what is wrong, or None.

    percent: 0 to 100; count: whole and not negative; number and money: not negative; boolean: 0 or 1.
    Derived percentages (a ratio to another set's level may pass 100) are computed and do not come here.
    """
    if not value.is_finite():
        return "Giá trị không phải là một số."
    if value_type == "boolean":
        return None if value in (0, 1) else "Giá trị phải là đạt hoặc chưa đạt."
    if value < 0:
        return "Giá trị không được âm."
    if value_type == "percent" and value > HUNDRED:
        return "Tỷ lệ phải từ 0 đến 100%."
    if value_type == "count" and value != value.to_integral_value():
        return "Số đếm phải là số nguyên, không có phần lẻ."
    if value >= TOO_LARGE:
        return "Giá trị quá lớn. Kiểm tra lại đơn vị tính."
    if value != round(value, DECIMALS):
        return f"Chỉ ghi nhiều nhất {DECIMALS} chữ số sau dấu phẩy."
    return None

"""Money and quantities as people type them, in Vietnamese: 1.200.000 · 1200000 đ · 12,5. Never a float."""

import re
from decimal import Decimal

from accounts.text import one_line
from communes.rows import Unreadable

MOST = 10**15  # đồng: above every sum of the country; a figure past it is a slip of the hand
_GROUPED = re.compile(r"[0-9]{1,15}|[1-9][0-9]{0,2}([. ][0-9]{3})+")
_FRACTION = re.compile(r"[0-9][0-9. ]*,[0-9]+")
_QUANTITY = re.compile(r"([0-9]{1,9}|[1-9][0-9]{0,2}([. ][0-9]{3})+)(,[0-9]{1,2})?")
NEGATIVE = "Số tiền không được âm. Khoản ghi sai thì huỷ khoản đó."
FRACTION = "Số tiền tính bằng đồng chẵn, không có phần lẻ."
TOO_LARGE = "Số tiền quá lớn. Kiểm tra lại các chữ số."


def dong(text: str) -> int | None:
    """A whole amount of đồng above 0, or None where nothing was typed."""
    cleaned = one_line(text).removesuffix("đồng").removesuffix("đ").strip()
    if not cleaned:
        return None
    if cleaned.startswith(("-", "−")):
        raise Unreadable(NEGATIVE)
    if _FRACTION.fullmatch(cleaned):
        raise Unreadable(FRACTION)
    if not _GROUPED.fullmatch(cleaned):
        raise Unreadable(f"“{cleaned[:40]}” không phải số tiền. Viết như 15000000 hoặc 15.000.000.")
    return int(cleaned.replace(".", "").replace(" ", ""))


def typed(amount: int | None) -> str:
    """An amount as it is typed into a field: 2.350.000.000; nothing for none."""
    return "" if amount is None else f"{amount:,}".replace(",", ".")


def quantity(text: str) -> Decimal | None:
    """A quantity with two decimals at most, or None."""
    cleaned = one_line(text)
    if not cleaned:
        return None
    if not _QUANTITY.fullmatch(cleaned):
        raise Unreadable(f"“{cleaned[:40]}” không đọc được. Viết như 1250 hoặc 12,5.")
    return Decimal(cleaned.replace(".", "").replace(" ", "").replace(",", "."))

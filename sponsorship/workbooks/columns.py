"""The columns of the sheet, in their order, and how a cell is read in each."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from communes.rows import Unreadable, day
from criteria.workbooks.rows import Column, text_of
from sponsorship import amounts

SHEET = "Khoản đóng góp"


def _required(missing: str) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        if text := text_of(cell):
            return text
        raise Unreadable(missing)

    return read


def _day(cell: Any) -> dt.date:
    if isinstance(cell, float | int):
        raise Unreadable("là số, không phải ngày. Đổi định dạng ô thành Ngày, hoặc gõ 21/02/2024.")
    found = day(text_of(cell))
    if found is None:
        raise Unreadable("ghi ngày nhận.")
    return found


def _dong(cell: Any) -> int | None:
    """A number of the sheet is taken as it is: a fraction is a fault, never rounded."""
    if not isinstance(cell, float | int):
        return amounts.dong(text_of(cell))
    if cell < 0:
        raise Unreadable(amounts.NEGATIVE)
    if cell != int(cell):
        raise Unreadable(amounts.FRACTION)
    return int(cell)


def _quantity(cell: Any) -> Decimal | None:
    if not isinstance(cell, float | int):
        return amounts.quantity(text_of(cell))
    found = Decimal(f"{cell:.15g}")
    if found != round(found, 2) or abs(found) >= 10**9:
        raise Unreadable("nhiều nhất hai chữ số sau dấu phẩy.")
    return found


COLUMNS = (
    Column("received_on", "Ngày nhận", _day, 12, is_needed=True),
    Column("sponsor", "Nhà tài trợ", _required("ghi nhà tài trợ."), 32, is_needed=True),
    Column("area", "Nơi nhận", _required("ghi nơi nhận."), 24, is_needed=True),
    Column("channel", "Kênh", _required("ghi kênh."), 18, is_needed=True),
    Column("kind", "Loại", width=12),
    Column("amount", "Số tiền (đồng)", _dong, 18),
    Column("quantity", "Số lượng", _quantity, 12),
    Column("unit", "Đơn vị tính", width=12),
    Column("rate", "Quy đổi (đồng)", _dong, 14),
    Column("rate_basis", "Căn cứ quy đổi", width=28),
    Column("indicator", "Chỉ tiêu", width=10),
    Column("purpose", "Nội dung", width=32),
    Column("receipt", "Số biên nhận", width=14),
    Column("source", "Chứng từ, nguồn", width=28),
    Column("village", "Thôn", width=20),
)

"""The columns of the sheet, in their order: what the file that is given out has and the file that comes back names."""

from dataclasses import dataclass

from accounts.text import search_key


@dataclass(frozen=True)
class Column:
    field: str
    heading: str
    width: int = 14


COLUMNS = (
    Column("received_on", "Ngày nhận", 12),
    Column("sponsor", "Nhà tài trợ", 32),
    Column("area", "Nơi nhận", 24),
    Column("channel", "Kênh", 18),
    Column("kind", "Loại", 12),
    Column("amount", "Số tiền (đồng)", 18),
    Column("quantity", "Số lượng", 12),
    Column("unit", "Đơn vị tính", 12),
    Column("rate", "Quy đổi (đồng)", 14),
    Column("rate_basis", "Căn cứ quy đổi", 28),
    Column("indicator", "Chỉ tiêu", 10),
    Column("purpose", "Nội dung", 32),
    Column("receipt", "Số biên nhận", 14),
    Column("source", "Chứng từ, nguồn", 28),
)
REQUIRED = ("received_on", "sponsor", "area", "channel")
BY_HEADING = {search_key(column.heading): column for column in COLUMNS}
SHEET = "Khoản đóng góp"

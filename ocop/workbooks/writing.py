"""The list as a workbook that can be filled in and sent back."""

from typing import Any

from criteria.workbooks.writing import Book
from ocop.models import Product
from ocop.workbooks.columns import COLUMNS, SHEET, shown

GUIDE = "Sửa hoặc thêm hàng rồi tải lên lại. Hàng không có mã là sản phẩm mới. Ngày viết như 21/02/2024; điểm như 28,5."
MOST = 10_000
HEADING_ROW = 2


def workbook(products: Any, title: str) -> bytes:
    """All products of the list (MOST at most) with their standing certificates; illustrative ones say so."""
    book = Book()
    sheet = book.sheet(SHEET)
    book.put(sheet, 0, 0, title, "title")
    book.put(sheet, 1, 0, GUIDE, "guide")
    book.put_row(sheet, HEADING_ROW, [column.heading for column in COLUMNS], "head")
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    for number, product in enumerate(products[:MOST], start=HEADING_ROW + 1):
        book.put_row(sheet, number, [shown(cell) for cell in _cells(product)])
    sheet.freeze_panes(HEADING_ROW + 1, 2)
    return book.finished()


def _cells(product: Product) -> list[Any]:
    held: Any = product.standing
    return [
        product.code,
        product.name,
        product.producer.name,
        product.producer.get_kind_display(),
        product.area.code,
        product.area.name,
        held.decided_on if held else None,
        product.product_set.number if product.product_set else None,
        product.get_group_display(),
        product.traceability_code,
        held.stars if held else None,
        held.get_kind_display() if held else None,
        held.decided_on if held else None,
        held.decision if held else None,
        held.certificate_no if held else None,
        *((held.part_a, held.part_b, held.part_c) if held else (None, None, None)),
        held.expires_on if held else None,
        "số liệu minh hoạ" if product.is_illustrative else None,
    ]

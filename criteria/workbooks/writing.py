"""The one writer of workbooks: texts are always texts, numbers are numbers, nothing becomes a formula."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

Cell = str | Decimal | int | None
_MOST_DIGITS = 15  # what a spreadsheet keeps of a number
_LARGE = 10**11  # below, a stored value (four decimals) has no more
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "guide": {"italic": True, "font_color": "#555555"},
    "head": {"bold": True, "bg_color": "#E4EBE6", "border": 1, "text_wrap": True, "valign": "top"},
    "fixed": {"border": 1, "bg_color": "#F2F2F2", "valign": "top"},
    "wrapped": {"border": 1, "bg_color": "#F2F2F2", "valign": "top", "text_wrap": True},
    "open": {"border": 1, "locked": False, "align": "right"},
    "whole": {"border": 1, "locked": False, "num_format": "#,##0"},
    "fraction": {"border": 1, "locked": False, "num_format": "#,##0.0###"},
    "fault": {"border": 1, "bg_color": "#FBE9E7", "text_wrap": True},
}


class Book:
    """A workbook in memory. Cells count from 0; a look is a name in `_LOOKS`.

    A large one is written row by row, in their order, and its rows wait on the disk until it is finished.
    """

    def __init__(self, *, is_large: bool = False) -> None:
        self._out = io.BytesIO()
        kept = {"constant_memory": True} if is_large else {"in_memory": True}
        options = {**kept, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._looks = {name: self._book.add_format({"font_name": "Arial", **look}) for name, look in _LOOKS.items()}

    def sheet(self, name: str) -> Any:
        return self._book.add_worksheet(name)

    def put(self, sheet: Any, row: int, column: int, cell: Cell, look: str | None = None) -> None:
        """One cell: a number as a number, anything else as text."""
        style = self._looks[look] if look else None
        if cell is None or cell == "":
            if style:
                sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, style)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell, style)
        elif isinstance(cell, Decimal) and abs(cell) >= _LARGE and len(cell.as_tuple().digits) > _MOST_DIGITS:
            sheet.write_string(row, column, f"{cell:f}".replace(".", ","), style)
        else:
            sheet.write_number(row, column, cell, style)

    def put_row(self, sheet: Any, row: int, cells: Iterable[Cell], look: str | None = None) -> None:
        for column, cell in enumerate(cells):
            self.put(sheet, row, column, cell, look)

    def head(self, sheet: Any, row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> None:
        """A cell of a table's head, over several rows or columns."""
        if down > 1 or across > 1:
            sheet.merge_range(row, column, row + down - 1, column + across - 1, "", self._looks["head"])
        self.put(sheet, row, column, text, "head")

    def choices(self, sheet: Any, rows: tuple[int, int], columns: tuple[int, int], words: Sequence[str]) -> None:
        """A drop-down over the cells between two rows and two columns."""
        sheet.data_validation(
            rows[0],
            columns[0],
            rows[1],
            columns[1],
            {
                "validate": "list",
                "source": list(words),
                "error_title": "Chưa đúng",
                "error_message": f"Chọn một trong: {', '.join(words)}.",
            },
        )

    def finished(self) -> bytes:
        self._book.close()
        return self._out.getvalue()

"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from files.sheets import quoted

BOM = "\ufeff"
_BLOCK = 500  # lines that are sent together: a piece a line would cost more than the line


def csv_lines(
    heading: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    decimal_mark: str = ".",
    bom: bool = True,
) -> Iterator[str]:
    """A CSV in pieces, heading first: texts guarded, numbers plain; Excel knows UTF-8 by its mark."""
    yield (BOM if bom else "") + _written([heading], delimiter)
    left = iter(rows)
    while block := list(islice(left, _BLOCK)):
        yield _written([[_cell(cell, decimal_mark) for cell in row] for row in block], delimiter)


def csv_line(row: Sequence[object]) -> str:
    """One line of it."""
    return _written([[_cell(cell, ".") for cell in row]], ",")


def _written(rows: Iterable[Sequence[object]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _cell(cell: object, decimal_mark: str) -> object:
    if isinstance(cell, str):
        return quoted(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return plain(cell).replace(".", decimal_mark) if isinstance(cell, Decimal) else cell


def plain(number: Decimal) -> str:
    """Without an exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

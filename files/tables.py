"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from files.sheets import quoted

BOM = "\ufeff"


class _Line:
    """A file of one line: what the csv module wrote last."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    heading: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    decimal_mark: str = ".",
    bom: bool = True,
) -> Iterator[str]:
    """The lines of a CSV, one at a time: texts guarded, numbers plain; Excel knows UTF-8 by its mark."""
    writer = csv.writer(_Line(), delimiter=delimiter)
    yield (BOM if bom else "") + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([_cell(cell, decimal_mark) for cell in row])


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

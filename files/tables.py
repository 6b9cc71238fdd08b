"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from files.sheets import quoted

BOM = "\ufeff"


class _Line:
    """A file of one line: what the csv module wrote last."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    heading: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",", bom: bool = True
) -> Iterator[str]:
    """The lines of a CSV, one at a time: texts guarded, numbers left as they are; Excel knows UTF-8 by its mark."""
    writer = csv.writer(_Line(), delimiter=delimiter)
    yield (BOM if bom else "") + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([quoted(cell) if isinstance(cell, str) else cell for cell in row])

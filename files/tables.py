"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from files.sheets import quoted

BOM = "\ufeff"


class _Line:
    """A file of one line: what the csv module wrote last."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV for Excel, one at a time: UTF-8 with its mark, texts guarded, numbers left as they are."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([quoted(cell) if isinstance(cell, str) else cell for cell in row])

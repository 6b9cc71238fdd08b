"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
from collections.abc import Iterable, Iterator, Sequence

# What makes a spreadsheet take a text for a formula; the full-width forms are folded to these by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BOM = "\ufeff"


class _Line:
    """A file of one line: what the csv module wrote last."""

    def write(self, text: str) -> str:
        return text


def text_cell(text: str) -> str:
    """A text that stays a text: one that would be read as a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV for Excel, one at a time: UTF-8 with its mark, texts guarded, numbers left as they are."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([text_cell(cell) if isinstance(cell, str) else cell for cell in row])

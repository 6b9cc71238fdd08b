"""Rows as a file that a spreadsheet opens without running any of it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from files.sheets import quoted

BOM = "\ufeff"


_BLOCK = 500  # lines that are sent together: a piece a line would cost more than the line


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A CSV for Excel in pieces, the heading first: UTF-8 with its mark, texts guarded, numbers left as they are."""
    yield BOM + _written([heading])
    left = iter(rows)
    while block := list(islice(left, _BLOCK)):
        yield _written(map(_guarded, block))


def csv_line(row: Sequence[object]) -> str:
    """One line of it."""
    return _written([_guarded(row)])


def _guarded(row: Sequence[object]) -> list[object]:
    return [quoted(cell) if isinstance(cell, str) else cell for cell in row]


def _written(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()

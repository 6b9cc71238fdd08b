"""The mark of a printed sheet: the same for the same figures, so that a signed paper is held against the portal."""

import hashlib
import re

from criteria.queries.sheet import Sheet

_LENGTH = 12


def mark(sheet: Sheet) -> str:
    """Twelve signs over unit, period and every value with its note: 3F2A 90C1 77DE."""
    said = [sheet.area.code, sheet.round.period.code, sheet.round.criteria_set.slug]
    said += [f"{cell.entry.code}={cell.typed}|{cell.reading.note}" for cell in sheet.cells]
    found = hashlib.sha256("\n".join(said).encode()).hexdigest()[:_LENGTH].upper()
    return " ".join(found[start : start + 4] for start in range(0, _LENGTH, 4))


def is_same(one: str, other: str) -> bool:
    """Whether two marks are one, however they are spaced and written."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return re.sub(r"[\s.-]", "", text).upper()

"""A unit's sheet of the programme's funding: what was typed beside what was read and what stands there now.

A line that was only read is not sent on: what somebody else wrote there meanwhile stays.
"""

from dataclasses import dataclass
from typing import Any

from communes.rows import Unreadable
from sponsorship import amounts
from sponsorship.actions.funding import ARREARS, Figures, amounts_of
from sponsorship.models.funding import MEASURES
from sponsorship.queries.funding import Sheet

WORDS = {"plan": "Kế hoạch", "mobilised": "Huy động", "disbursed": "Giải ngân", "amount": "Nợ đọng"}


@dataclass
class Cell:
    """One figure: as stored, as typed, what is wrong with it, and what another person wrote there meanwhile."""

    name: str
    word: str
    stored: int
    typed: str | None = None
    fault: str = ""
    theirs: int | None = None


@dataclass
class Row:
    """A line with its figures; `read` is the version and the figures that the person was shown."""

    code: str
    name: str
    cells: list[Cell]
    read: str
    is_stale: bool = False


class SheetForm:
    """What one sends for a unit and a year."""

    def __init__(self, sheet: Sheet, typed: Any = None) -> None:
        self.rows = [self._row(line.code, line.name, sheet.stored.get(line.code)) for line in sheet.lines]
        self.arrears = self._row(ARREARS, WORDS["amount"], sheet.arrears)
        self.is_valid = True
        if typed is not None:
            for row in self.all:
                self._take(row, typed)

    @property
    def all(self) -> list[Row]:
        return [*self.rows, self.arrears]

    @property
    def has_stale(self) -> bool:
        return any(row.is_stale for row in self.all)

    @property
    def figures(self) -> Figures:
        """What was changed, with the versions that were read."""
        said: dict[str, dict[str, int]] = {}
        versions: dict[str, int | None] = {}
        for row in self.all:
            version, *read = row.read.split(":")
            numbers = [_dong(cell.typed) for cell in row.cells]
            if [str(number) for number in numbers] != read:
                said[row.code] = dict(zip(_measures(row.code), numbers, strict=True))
                versions[row.code] = int(version) if version else None
        arrears = said.pop(ARREARS, None)
        return Figures(lines=said, arrears=arrears["amount"] if arrears else None, versions=versions)

    def refuse(self, refused: Any) -> None:
        """Every fault at its cell; what others wrote meanwhile beside what was typed, to be chosen from."""
        faults = {fault.field: fault.message for fault in refused.details.get("faults", [refused])}
        theirs = refused.details.get("theirs", {})
        for row in self.all:
            for cell in row.cells:
                cell.fault = faults.get(cell.name, cell.fault)
            if row.code in theirs:
                self._show(row, theirs[row.code])

    def _show(self, row: Row, stored: Any) -> None:
        now = self._row(row.code, row.name, stored)
        row.is_stale, row.read = True, now.read
        for cell, other in zip(row.cells, now.cells, strict=True):
            cell.theirs = other.stored

    def _row(self, code: str, name: str, stored: Any) -> Row:
        figures = amounts_of(code, stored)
        cells = [Cell(code if code == ARREARS else f"{code}-{key}", WORDS[key], figures[key]) for key in figures]
        version = "" if stored is None else stored.version
        return Row(code, name, cells, ":".join(map(str, (version, *figures.values()))))

    def _take(self, row: Row, typed: Any) -> None:
        read = typed.get(f"{row.code}-read", "")
        version, *figures = read.split(":") if len(read) < 100 else [""]
        is_read = all(part.isascii() and part.isdigit() for part in [version or "0", *figures])
        row.read = read if is_read and len(figures) == len(row.cells) else ""
        for cell in row.cells:
            cell.typed = typed.get(cell.name, "")[:40]
            try:
                _dong(cell.typed)
            except Unreadable as unreadable:
                cell.fault, self.is_valid = str(unreadable), False


def _measures(code: str) -> tuple[str, ...]:
    return ("amount",) if code == ARREARS else MEASURES


def _dong(text: str | None) -> int:
    return amounts.dong(text or "") or 0

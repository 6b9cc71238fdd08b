"""The register files of units: read, checked against each other, joined into one dated territory. No database."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from communes.models import AreaChange, Confidence
from communes.units import KIND_OF_WORD, Change, Key, Position, Register, Span, Territory, Unit, word_of

INDEX = "registers.csv"
CHANGES = "*-unit-changes.csv"
OF_SPAN = ("valid_from", "valid_to")
OF_INDEX = ("file", *OF_SPAN)
OF_UNIT = ("code", "name", "kind", "parent_code", *OF_SPAN)
OF_CHANGE = ("old_code", "new_code", "change", "effective_date", "old_name", "new_name", "share")
OF_SOURCE = ("legal_basis", "confidence", "note")
DAY = dt.timedelta(days=1)


class WrongRow(Exception):
    """A row cannot be right: `where` is file:line. Nothing may be written from these files."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where


def read(folder: Path) -> Territory:
    """The territory told by the files of `folder`; raises WrongRow at the first row that cannot be right."""
    registers = [_register(folder / row["file"], _span(row, where)) for where, row in _rows(folder / INDEX, OF_INDEX)]
    territory = Territory(units=_join(registers))
    territory.positions = [position for unit in territory.units.values() for position in _positions(unit, registers)]
    for path in sorted(folder.glob(CHANGES)):
        _read_changes(path, territory, registers[0])
    _check_ends(territory)
    return territory


def _rows(path: Path, columns: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    if not path.is_file():
        raise WrongRow(path.name, "the file is missing")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(columns) - set(reader.fieldnames or ()):
            raise WrongRow(f"{path.name}:1", f"the column {', '.join(sorted(missing))} is missing")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise WrongRow(where, f"expected {len(reader.fieldnames or [])} columns")
            yield where, row


def _date(text: str, where: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongRow(where, f"“{text}” is not a date (YYYY-MM-DD)") from None


def _span(row: dict[str, str], where: str) -> Span:
    span = Span(_date(row["valid_from"], where), _date(row["valid_to"], where))
    if span.is_empty:
        raise WrongRow(where, "valid_to is before valid_from")
    return span


def _register(path: Path, span: Span) -> Register:
    register, places = Register(span), {}
    for where, row in _rows(path, OF_UNIT):
        unit = _unit(row, where)
        if unit.code in register.units:
            raise WrongRow(where, f"code {unit.code} is listed twice")
        if (unit.span & span).is_empty:
            raise WrongRow(where, f"{unit.name} does not exist in the days of this register")
        register.units[unit.code], register.parents[unit.code] = unit, row["parent_code"]
        places[unit.code] = where
    for code, parent in register.parents.items():
        if parent and parent not in register.units:
            raise WrongRow(places[code], f"the parent {parent} is not in this register")
    return register


def _unit(row: dict[str, str], where: str) -> Unit:
    word = word_of(row["name"])
    if not row["code"].isdigit():
        raise WrongRow(where, f"“{row['code']}” is not a code")
    if not word or KIND_OF_WORD[word] != row["kind"]:
        raise WrongRow(where, f"“{row['name']}” does not begin with the word of its kind, {row['kind']}")
    return Unit(row["code"], row["name"], KIND_OF_WORD[word], _span(row, where), where=where)


def _join(registers: Iterable[Register]) -> dict[Key, Unit]:
    units: dict[Key, Unit] = {}
    for register in registers:
        for unit in register.units.values():
            known = units.setdefault(unit.key, unit)
            if known != unit:
                raise WrongRow(unit.where, f"{unit.name} differs from {known.where}, the same code and first day")
    return units


def _positions(unit: Unit, registers: Iterable[Register]) -> list[Position]:
    found: list[Position] = []
    for register in registers:
        span = unit.span & register.span
        if span.is_empty:
            continue
        if register.units.get(unit.code) != unit:
            raise WrongRow(unit.where, f"{unit.name} is missing from the register of {register.span.start}")
        _append(found, _position(unit, register, span))
    return found


def _position(unit: Unit, register: Register, span: Span) -> Position:
    # A place cannot be older than the parent: before that day it is not known.
    parent = register.units.get(register.parents[unit.code])
    span = span & parent.span if parent else span
    return Position(unit.key, parent.key if parent else None, register.path(unit.code), span)


def _append(found: list[Position], position: Position) -> None:
    last = found[-1] if found else None
    if last and (last.parent, last.path) == (position.parent, position.path):
        found[-1] = Position(last.unit, last.parent, last.path, Span(last.span.start, position.span.end))
    else:
        found.append(position)


def _read_changes(path: Path, territory: Territory, oldest: Register) -> None:
    by_code = defaultdict(list)
    for unit in territory.units.values():
        by_code[unit.code].append(unit)
    for where, row in _rows(path, OF_CHANGE + OF_SOURCE):
        on = _date(row["effective_date"], where)
        if on is None:
            raise WrongRow(where, "effective_date is empty")
        new = _found(by_code, row["new_code"], on)
        if new is None or new.name != row["new_name"]:
            raise WrongRow(where, f"no {row['new_name']} with code {row['new_code']} exists on {on}")
        old = _found(by_code, row["old_code"], on - DAY)
        if old is None:
            old = _former(row, on, where)
            by_code[old.code].append(old)
            territory.units[old.key] = old
            territory.positions.append(_position_of_former(old, new, oldest))
        if old.name != row["old_name"]:
            raise WrongRow(where, f"code {old.code} is {old.name} on {on - DAY}, not {row['old_name']}")
        territory.changes.append(_change(row, old=old, new=new, on=on, where=where))


def _found(by_code: dict[str, list[Unit]], code: str, on: dt.date) -> Unit | None:
    return next((unit for unit in by_code[code] if on in unit.span), None)


def _former(row: dict[str, str], on: dt.date, where: str) -> Unit:
    """A unit that ended before the oldest register: only the changes name it."""
    word = word_of(row["old_name"])
    if word is None:
        raise WrongRow(where, f"“{row['old_name']}” does not begin with a word of kind")
    return Unit(row["old_code"], row["old_name"], KIND_OF_WORD[word], Span(None, on - DAY), Confidence.RECALLED, where)


def _position_of_former(old: Unit, new: Unit, oldest: Register) -> Position:
    parent = oldest.units.get(oldest.parents.get(new.code, ""))
    if parent is None:
        raise WrongRow(old.where, f"{old.name} is in no register, nor is the parent of its successor")
    return Position(old.key, parent.key, f"{oldest.path(parent.code)}{old.code}/", old.span & parent.span)


def _change(row: dict[str, str], *, old: Unit, new: Unit, on: dt.date, where: str) -> Change:
    allowed = (("change", AreaChange.Change.values), ("confidence", Confidence.values), ("share", ["full", "part"]))
    for column, values in allowed:
        if row[column] not in values:
            raise WrongRow(where, f"{column} “{row[column]}” is none of {', '.join(values)}")
    # The province takes over the work of an abolished level; it does not succeed the units.
    has_successor = row["change"] != AreaChange.Change.DISTRICT_LEVEL_ABOLISHED
    return Change(
        old=old.key,
        new=new.key if has_successor else None,
        change=row["change"],
        effective_on=on,
        is_partial=row["share"] == "part",
        legal_basis=row["legal_basis"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _check_ends(territory: Territory) -> None:
    ends = {(change.old, change.effective_on - DAY) for change in territory.changes}
    starts = {change.new for change in territory.changes}
    first = min((change.effective_on for change in territory.changes), default=dt.date.max)
    for unit in territory.units.values():
        if unit.span.end and (unit.key, unit.span.end) not in ends:
            raise WrongRow(unit.where, f"{unit.name} ends on {unit.span.end}, and no change says what became of it")
        if unit.span.start and unit.span.start >= first and unit.key not in starts:
            raise WrongRow(unit.where, f"{unit.name} begins on {unit.span.start}, and no change says from what")

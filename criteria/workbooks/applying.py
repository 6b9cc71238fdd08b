"""Checked values into the readings: set-based, in the caller's transaction, with verdict, flags and history."""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, cast

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Stale
from accounts.models import User
from communes import epochs
from communes.queries import path_of
from criteria import engine, sums
from criteria.actions.readings.shared import require_open
from criteria.models import Reading, Round, State
from criteria.resolving import resolver_for
from criteria.statements import Ids, run
from criteria.surroundings import Surroundings
from criteria.workbooks.slots import Slot, enterable, slots_of

CHANGED_SINCE = "Có giá trị vừa được người khác sửa sau khi kiểm tra. Tải tệp lên lại để so với giá trị mới."

# [reading id, version read, value as text or None, does not apply]
Row = Sequence[Any]


def write(rows: Sequence[Row], *, opened: Round, by: User, source: str) -> int:
    """Write all rows or none; how many.

    Raises OutOfScope, WrongState (closed), Stale (any version has moved on), Refused (a sum that does not add up).
    """
    ids = [row[0] for row in rows]
    folders = _folders(ids)
    engine.lock(engine.UNITS_OF_FOLDERS, Ids.of(folders))
    require_open(Round.objects.get(pk=opened.pk))
    slots = {slot.pk: slot for slot in slots_of(enterable(by, opened).filter(assessment__in=folders), opened)}
    if not slots.keys() >= set(ids):
        raise OutOfScope
    before = {pk: _plain(slots[pk]) for pk in ids}
    changed = [slots[pk] for pk in ids]
    for slot, row in zip(changed, rows, strict=True):
        slot.value, slot.not_applicable = None if row[2] is None else Decimal(row[2]), row[3]
    # The file was checked; a value of the same sum may have been entered by hand since.
    sums.refuse(slots.values(), set(ids), field="file")
    _update(_resolved(changed, rows, opened), by=by, source=source)
    _tell(changed, before, opened, by)
    epochs.bump(opened.province.code)
    return len(rows)


def _folders(ids: list[int]) -> list[int]:
    """Folders of the values: a value never moves to another."""
    return [pk for (pk,) in run("SELECT DISTINCT assessment_id FROM criteria_reading WHERE id {ids}", Ids.of(ids))[1]]


def _plain(slot: Slot) -> tuple[str, int]:
    if slot.not_applicable:
        return "not_applicable", slot.state
    return ("" if slot.value is None else f"{slot.value.normalize():f}"), slot.state


def _resolved(changed: list[Slot], rows: Sequence[Row], opened: Round) -> list[tuple]:
    """(id, version, value, does not apply, verdict, threshold, flags) of each, as entering one value resolves it."""
    resolver = resolver_for(opened)
    readings = cast(list[Reading], changed)  # a slot answers as a reading does
    around = Surroundings(opened, readings)
    found = []
    for slot, reading, row in zip(changed, readings, rows, strict=True):
        area = slot.assessment.area_id
        verdict, threshold = resolver.resolve(slot.input, area, slot.value, slot.not_applicable)
        flags = int(around.flags(reading))
        level = threshold.pk if threshold else None
        found.append((slot.pk, row[1], row[2], row[3], int(verdict), level, flags))
    return found


def _update(resolved: list[tuple], *, by: User, source: str) -> None:
    """One statement for all; it touches only values that still stand where they were checked."""
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    rows, values = _as_rows(resolved)
    same: list[Any] = [State.DRAFT, Reading.Origin.IMPORTED, source, by.pk, at, by.is_demo]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE.format(rows=rows), [*same, *values])
        if cursor.rowcount != len(resolved):
            raise Stale(CHANGED_SINCE, field="file")


_UPDATE = f"""
    UPDATE criteria_reading SET value = s.value, not_applicable = s.not_applicable, verdict = s.verdict,
        threshold_id = s.threshold, flags = s.flags, version = criteria_reading.version + 1, state = %s, origin = %s,
        source = %s, entered_by_id = %s, entered_at = %s, is_illustrative = %s
    FROM {{rows}}
    WHERE criteria_reading.id = s.id AND criteria_reading.version = s.version
        AND criteria_reading.state IN ({State.DRAFT:d}, {State.RETURNED:d})
"""
_COLUMNS = "id, version, value, not_applicable, verdict, threshold, flags"
_POSTGRES = f"""unnest(%s::bigint[], %s::int[], %s::numeric[], %s::bool[], %s::int[], %s::bigint[], %s::int[])
    AS s({_COLUMNS})"""
_EXTRACTED = ", ".join(
    f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(_COLUMNS.split(", "))
)
_SQLITE = f"(SELECT {_EXTRACTED} FROM json_each(%s)) AS s"


def _as_rows(resolved: list[tuple]) -> tuple[str, list[Any]]:
    """The rows as a table of the statement, with its values: a constant number of them."""
    if connection.vendor == "postgresql":
        return _POSTGRES, [_literal(column) for column in zip(*resolved, strict=True)]
    return _SQLITE, [json.dumps(resolved)]


def _literal(column: Iterable[Any]) -> str:
    """An array as one literal: the server would read an expression for each element of it."""
    return f"{{{','.join('NULL' if each is None else str(each) for each in column)}}}"


def _tell(changed: list[Slot], before: dict[int, tuple[str, int]], opened: Round, by: User) -> None:
    """The history of each value, in a few statements."""
    places = path_of({slot.assessment.area_id for slot in changed}, opened.period.ends_on)
    rows = _events(changed, before, places)
    with connection.cursor() as cursor:
        for statement, values in audit.insertions(by=by, action="reading.record", subject=Reading, rows=rows):
            cursor.execute(statement, values)


def _events(
    changed: list[Slot], before: dict[int, tuple[str, int]], places: dict[int, str]
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    names = {state: state.name.lower() for state in State}
    for slot in changed:
        value, state = before[slot.pk]
        after = {"value": _plain(slot)[0], "state": names[State.DRAFT]}
        told = {"before": {"value": value, "state": names[State(state)]}, "after": after}
        yield slot.pk, places.get(slot.assessment.area_id, ""), told

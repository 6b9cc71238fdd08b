"""Checked values into the readings: set-based, in the caller's transaction, with verdict, flags and history."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Stale
from accounts.models import User
from communes import epochs
from criteria import engine, sums
from criteria.actions.readings.shared import NOT_APPLICABLE, require_open
from criteria.models import Reading, Round, State
from criteria.resolving import resolver_for
from criteria.statements import Ids, run
from criteria.surroundings import Surroundings
from criteria.workbooks.slots import Slot, enterable, slots_of

CHANGED_SINCE = "Có giá trị vừa được người khác sửa sau khi kiểm tra. Tải tệp lên lại để so với giá trị mới."

# [reading id, version read, value as text or None, does not apply, and a note where one was given]
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
    changed = [slots[pk] for pk in ids]
    put(changed, rows)
    # The file was checked; a value of the same sum may have been entered by hand since.
    sums.refuse(slots.values(), set(ids), field="file")
    store(resolved(changed, rows, opened), by=by, opened=opened, origin=Reading.Origin.IMPORTED, source=source)
    epochs.bump(opened.province.code)
    return len(rows)


def _folders(ids: list[int]) -> list[int]:
    """Folders of the values: a value never moves to another."""
    return [pk for (pk,) in run("SELECT DISTINCT assessment_id FROM criteria_reading WHERE id {ids}", Ids.of(ids))[1]]


def put(changed: list[Slot], rows: Sequence[Row]) -> None:
    """The slots as they will be."""
    for slot, row in zip(changed, rows, strict=True):
        slot.value, slot.not_applicable = None if row[2] is None else Decimal(row[2]), row[3]


def resolved(changed: list[Slot], rows: Sequence[Row], opened: Round) -> list[tuple]:
    """(id, version, value, does not apply, verdict, threshold, flags, note) of each, as entering one resolves it."""
    resolver = resolver_for(opened, area_ids={slot.area_id for slot in changed})
    readings = cast(list[Reading], changed)  # a slot answers as a reading does
    around = Surroundings(opened, readings)
    found = []
    for slot, reading, row in zip(changed, readings, rows, strict=True):
        verdict, threshold = resolver.resolve(slot.input, slot.area_id, slot.value, slot.not_applicable)
        level = threshold.pk if threshold else None
        slot.flags, note = int(around.flags(reading)), row[4] if len(row) > 4 else None
        found.append((slot.pk, row[1], row[2], row[3], int(verdict), level, slot.flags, note))
    return found


def store(resolved: list[tuple], *, by: User, opened: Round, origin: Reading.Origin, source: str | None = None) -> None:
    """The history of each value from what still stands, then one statement for all values.

    It touches only values that stand where they were checked; where one does not, nothing is kept.
    """
    table, values = _as_rows(resolved)
    told = _TOLD.replace("{rows}", table).replace("{object}", _OBJECT[connection.vendor])
    on = connection.ops.adapt_datefield_value(opened.period.ends_on)
    history = audit.insertion(by=by, action="reading.record", subject=Reading, rows=told, values=[*values, on, on])
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    same: list[Any] = [State.DRAFT, origin, source, by.pk, at, by.is_demo]
    with connection.cursor() as cursor:
        cursor.execute(*history)
        cursor.execute(_UPDATE.replace("{rows}", table), [*same, *values])
        if cursor.rowcount != len(resolved):
            raise Stale(CHANGED_SINCE, field="file")


# A value as it was checked. Its state is named for the planner too: few values of the country are with those who enter.
_STANDS = (
    f"{{row}}.id = s.id AND {{row}}.version = s.version AND {{row}}.state IN ({State.DRAFT:d}, {State.RETURNED:d})"
)
_UPDATE = f"""
    UPDATE criteria_reading SET value = s.value, not_applicable = s.not_applicable, verdict = s.verdict,
        threshold_id = s.threshold, flags = s.flags, version = criteria_reading.version + 1, state = %s, origin = %s,
        source = COALESCE(%s, source), note = COALESCE(s.note, criteria_reading.note),
        entered_by_id = %s, entered_at = %s, is_illustrative = %s
    FROM {{rows}}
    WHERE {_STANDS.format(row="criteria_reading")}
"""


def _plain(row: str) -> str:
    """The value of a row as the history of a value entered by hand has it (criteria.actions.readings.shared.plain)."""
    return f"""CASE WHEN {row}.not_applicable THEN '{NOT_APPLICABLE}' WHEN {row}.value IS NULL THEN ''
        ELSE CAST(trim_scale({row}.value) AS text) END"""


_STATE = " ".join(f"WHEN {state:d} THEN '{state.name.lower()}'" for state in State)
_TOLD = f"""
    SELECT CAST(r.id AS text) AS id, COALESCE(p.path, '') AS place, {{object}}(
        'before', {{object}}('value', {_plain("r")}, 'state', CASE r.state {_STATE} END),
        'after', {{object}}('value', {_plain("s")}, 'state', '{State.DRAFT.name.lower()}')
    ) AS data
    FROM {{rows}}
    JOIN criteria_reading r ON {_STANDS.format(row="r")}
    JOIN criteria_assessment o ON o.id = r.assessment_id
    LEFT JOIN communes_placement p ON p.area_id = o.area_id
        AND (p.valid_from IS NULL OR p.valid_from <= %s) AND (p.valid_to IS NULL OR p.valid_to >= %s)
"""
_OBJECT = {"postgresql": "jsonb_build_object", "sqlite": "json_object"}
_COLUMNS = "id, version, value, not_applicable, verdict, threshold, flags, note"
_POSTGRES = f"""unnest(
    %s::bigint[], %s::int[], %s::numeric[], %s::bool[], %s::int[], %s::bigint[], %s::int[], %s::text[]
) AS s({_COLUMNS})"""
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
    return f"{{{','.join(map(_element, column))}}}"


def _element(each: Any) -> str:
    if isinstance(each, str):
        escaped = each.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "NULL" if each is None else str(each)

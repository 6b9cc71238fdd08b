"""Values under lock as a step needs them: where each stands, in which unit, and who took which step."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.scope import Actor
from criteria.procedure import Procedure, procedure_for
from criteria.statements import Ids, run

_PLACES = Decimal("0.0001")
_COLUMNS = {
    "pk": "r.id",
    "folder_id": "r.assessment_id",
    "code": "e.code",
    "is_derived": "e.derived IS NOT NULL",
    "is_measured_elsewhere": """EXISTS (
        SELECT 1 FROM criteria_input x WHERE x.derived IS NOT NULL AND {measured} = e.code
    )""",
    "value": "r.value",
    "not_applicable": "r.not_applicable",
    "state": "r.state",
    "version": "r.version",
    "is_illustrative": "r.is_illustrative",
    "entered_by_id": "r.entered_by_id",
    "submitted_by_id": "r.submitted_by_id",
    "verified_by_id": "r.verified_by_id",
    "appraised_by_id": "r.appraised_by_id",
    "criterion_id": "i.criterion_id",
    "area_id": "s.area_id",
    "level": "u.level",
    "path": "p.path",
    "is_open": "d.closed_on IS NULL",
    "period_id": "d.period_id",
    "ends_on": "q.ends_on",
    "province_code": "v.code",
    "is_in_sum": "e.in_sum",
    "is_unexplained": "r.flags <> 0 AND r.note = ''",
}
# The value of this input that a ratio of another set is taken from.
_MEASURED = {"sqlite": "json_extract(x.derived, '$.input')", "postgresql": "x.derived ->> 'input'"}
_SELECT = f"""
    SELECT {", ".join(_COLUMNS.values())}
    FROM criteria_reading r
    JOIN criteria_input e ON e.id = r.input_id
    JOIN criteria_indicator i ON i.id = e.indicator_id
    JOIN criteria_assessment s ON s.id = r.assessment_id
    JOIN communes_area u ON u.id = s.area_id
    JOIN criteria_round d ON d.id = s.round_id
    JOIN criteria_period q ON q.id = d.period_id
    JOIN communes_area v ON v.id = d.province_id
    LEFT JOIN communes_placement p ON p.area_id = s.area_id
        AND (p.valid_from IS NULL OR p.valid_from <= q.ends_on) AND (p.valid_to IS NULL OR p.valid_to >= q.ends_on)
    WHERE r.id {{ids}} ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One value. `path` is the unit's place in the tree on the last day of the period; empty if it had none."""

    pk: int
    folder_id: int
    code: str
    is_derived: bool
    is_measured_elsewhere: bool
    value: Decimal | None
    not_applicable: bool
    state: int
    version: int
    is_illustrative: bool
    entered_by_id: int | None
    submitted_by_id: int | None
    verified_by_id: int | None
    appraised_by_id: int | None
    criterion_id: int
    area_id: int
    level: str
    path: str | None
    is_open: bool
    period_id: int
    ends_on: dt.date
    province_code: str
    is_in_sum: bool
    is_unexplained: bool  # looked wrong when it was entered, and nobody has said why it is right

    @property
    def procedure(self) -> Procedure:
        return procedure_for(self.level, self.ends_on)

    def was_handled_by(self, user: Actor) -> bool:
        """Four eyes: whether the person already took a step on this value."""
        return user.pk in (self.entered_by_id, self.submitted_by_id, self.verified_by_id, self.appraised_by_id)


def held(reading_ids: Iterable[int]) -> list[Held]:
    """The values in the order of their ids, locked until the end of the transaction."""
    for_update = "FOR UPDATE OF r" if connection.features.has_select_for_update else ""
    statement = _SELECT.replace("{measured}", _MEASURED[connection.vendor]) + for_update
    rows = run(statement, Ids.of(reading_ids))[1]
    return [Held(*row) for row in (rows if connection.vendor == "postgresql" else map(_converted, rows))]


def _converted(row: tuple) -> tuple[Any, ...]:
    """SQLite hands over numbers where PostgreSQL has decimals and truth values."""
    said = dict(zip(_COLUMNS, row, strict=True))
    if said["value"] is not None:
        said["value"] = Decimal(said["value"]).quantize(_PLACES)
    for name in (
        "is_derived",
        "is_measured_elsewhere",
        "not_applicable",
        "is_illustrative",
        "is_open",
        "is_in_sum",
        "is_unexplained",
    ):
        said[name] = bool(said[name])
    return tuple(said.values())

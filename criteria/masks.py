"""Attainment from readings, inside the database: one definition for SQLite and PostgreSQL.

Bit n of a mask is the criterion with `bit` n of its role. Only readings in question are read (not approved, or
approved and not met): whatever is left is met, so a partial index holds all that a recompute needs.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from criteria.models import Assessment, Criterion, IndicatorMask, State, Verdict

_ROLES = {
    Criterion.Role.CRITERION: ("failing", "undetermined"),
    Criterion.Role.CONDITION: ("conditions_failing", "conditions_undetermined"),
    Criterion.Role.RECOGNITION: ("recognition_failing", "recognition_undetermined"),
}
_MASKS = tuple(name for pair in _ROLES.values() for name in pair)
FIELDS = (*_MASKS, "criteria_met", "criteria_failing", "criteria_undetermined", "verdict")

# The numbers are written into the text so that the planner sees the partial index's own condition.
_IN_QUESTION = f"NOT (r.state = {State.APPROVED:d} AND r.verdict IN ({Verdict.MET:d}, {Verdict.NOT_APPLICABLE:d}))"
_FAILS = f"CASE WHEN r.state = {State.APPROVED:d} AND r.verdict = {Verdict.NOT_MET:d} THEN 1 ELSE 0 END"

# One row for each indicator that fails or is undetermined, and for each criterion that can never be met.
_POINTS = f"""
    SELECT r.assessment_id, c.role, c.bit, i.slot, MAX({_FAILS}) AS fails
    FROM criteria_reading r
    JOIN criteria_input e ON e.id = r.input_id
    JOIN criteria_indicator i ON i.id = e.indicator_id
    JOIN criteria_criterion c ON c.id = i.criterion_id
    WHERE {_IN_QUESTION} AND r.assessment_id IN ({{scope}})
    GROUP BY r.assessment_id, c.role, c.bit, i.slot
    UNION ALL
    SELECT s.id, c.role, c.bit, -1, 0
    FROM criteria_assessment s
    JOIN criteria_round d ON d.id = s.round_id
    JOIN criteria_criterion c ON c.criteria_set_id = d.criteria_set_id
    WHERE NOT c.is_complete AND s.id IN ({{scope}})
"""


def _bits(role: str, fails: int, name: str) -> str:
    shifted = "CAST(1 AS bigint) << bit"
    chosen = f"role = '{role}' AND fails = {fails}"
    return f"CAST(SUM(CASE WHEN {chosen} THEN {shifted} ELSE 0 END) AS bigint) AS {name}"


def _count(fails: int, name: str) -> str:
    chosen = f"role = '{Criterion.Role.CRITERION}' AND fails = {fails}"
    return f"CAST(SUM(CASE WHEN {chosen} THEN 1 ELSE 0 END) AS bigint) AS {name}"


_SUMS = ",\n        ".join(
    [
        *(
            _bits(role, fails, name)
            for role, names in _ROLES.items()
            for fails, name in zip((1, 0), names, strict=True)
        ),
        _count(1, "criteria_failing"),
        _count(0, "criteria_undetermined"),
    ]
)
_ZEROED = ", ".join(
    f"COALESCE(m.{name}, 0) AS {name}" for name in (*_MASKS, "criteria_failing", "criteria_undetermined")
)

# The function of the facts: one row for each assessment in scope.
_COMPUTED = f"""
    WITH points AS ({_POINTS}),
    criteria AS (
        SELECT assessment_id, role, bit, MAX(fails) AS fails FROM points GROUP BY assessment_id, role, bit
    ),
    masks AS (SELECT assessment_id, {_SUMS} FROM criteria GROUP BY assessment_id),
    totals AS (
        SELECT criteria_set_id, COUNT(*) AS total FROM criteria_criterion
        WHERE role = '{Criterion.Role.CRITERION}' GROUP BY criteria_set_id
    )
    SELECT s.id AS assessment_id, {_ZEROED},
        COALESCE(n.total, 0) - COALESCE(m.criteria_failing, 0) - COALESCE(m.criteria_undetermined, 0) AS criteria_met,
        CASE
            WHEN COALESCE(m.failing, 0) <> 0 OR COALESCE(m.conditions_failing, 0) <> 0 THEN {Verdict.NOT_MET:d}
            WHEN COALESCE(m.undetermined, 0) <> 0 OR COALESCE(m.conditions_undetermined, 0) <> 0
                THEN {Verdict.UNDETERMINED:d}
            ELSE {Verdict.MET:d}
        END AS verdict
    FROM criteria_assessment s
    JOIN criteria_round d ON d.id = s.round_id
    LEFT JOIN totals n ON n.criteria_set_id = d.criteria_set_id
    LEFT JOIN masks m ON m.assessment_id = s.id
    WHERE s.id IN ({{scope}})
"""
_DIFFERS = " OR ".join(f"t.{name} <> c.{name}" for name in FIELDS)
_UPDATE = f"""
    UPDATE criteria_attainment AS t
    SET {", ".join(f"{name} = c.{name}" for name in FIELDS)}, epoch = %s, computed_at = %s
    FROM ({_COMPUTED}) AS c
    WHERE t.assessment_id = c.assessment_id AND ({_DIFFERS})
"""
_COMPARE = f"""
    SELECT t.assessment_id, {", ".join(f"t.{name}" for name in FIELDS)}, {", ".join(f"c.{name}" for name in FIELDS)}
    FROM criteria_attainment AS t JOIN ({_COMPUTED}) AS c ON t.assessment_id = c.assessment_id
    WHERE {_DIFFERS}
"""

_WORDS = f"""
    SELECT assessment_id AS attainment_id, slot / {IndicatorMask.BITS} AS word,
        CAST(SUM(CASE WHEN fails = 1 THEN CAST(1 AS bigint) << (slot % {IndicatorMask.BITS}) ELSE 0 END) AS bigint)
            AS failing,
        CAST(SUM(CASE WHEN fails = 0 THEN CAST(1 AS bigint) << (slot % {IndicatorMask.BITS}) ELSE 0 END) AS bigint)
            AS undetermined
    FROM ({_POINTS}) AS points WHERE slot >= 0 GROUP BY assessment_id, slot / {IndicatorMask.BITS}
"""
_WORDS = _WORDS.replace("%", "%%")  # the text goes through the driver's placeholders
_REPLACE_WORDS = f"""
    INSERT INTO criteria_indicatormask (attainment_id, word, failing, undetermined)
    SELECT attainment_id, word, failing, undetermined FROM ({_WORDS}) AS c WHERE true
    ON CONFLICT (attainment_id, word) DO UPDATE SET failing = excluded.failing, undetermined = excluded.undetermined
    WHERE criteria_indicatormask.failing <> excluded.failing
        OR criteria_indicatormask.undetermined <> excluded.undetermined
"""
_DROP_WORDS = f"""
    DELETE FROM criteria_indicatormask
    WHERE attainment_id IN ({{scope}})
        AND NOT EXISTS (
            SELECT 1 FROM ({_WORDS}) AS c
            WHERE c.attainment_id = criteria_indicatormask.attainment_id AND c.word = criteria_indicatormask.word
        )
"""


@dataclass(frozen=True)
class Scope:
    """The assessments that a statement works on, as SQL: compiled once for all statements of a recompute."""

    text: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, assessments: QuerySet[Assessment]) -> "Scope":
        return cls(*assessments.order_by().values("pk").query.sql_with_params())


def run(statement: str, scope: Scope, *before: Any) -> tuple[int, list[tuple]]:
    """Execute a statement over the assessments in `scope`; rows touched and rows returned."""
    places = statement.count("{scope}")
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{scope}", scope.text), [*before, *(scope.values * places)])
        return cursor.rowcount, cursor.fetchall() if cursor.description else []


def write(scope: Scope, *, epoch: int) -> int:
    """Bring attainment and indicator masks of the assessments up to date; returns attainment rows that differed."""
    differing, _ = run(_UPDATE, scope, epoch, timezone.now())
    run(_REPLACE_WORDS, scope)
    run(_DROP_WORDS, scope)
    return differing


def differences(scope: Scope) -> list[tuple[int, dict[str, int], dict[str, int]]]:
    """Stored rows that do not equal the facts: assessment id, what is stored, what the facts give."""
    _, rows = run(_COMPARE, scope)
    width = len(FIELDS)
    return [
        (row[0], dict(zip(FIELDS, row[1 : width + 1], strict=True)), dict(zip(FIELDS, row[width + 1 :], strict=True)))
        for row in rows
    ]

"""Attainment from readings, inside the database: one definition for SQLite and PostgreSQL.

Bit n of a mask is the criterion with `bit` n of its role; bit n of word w is the indicator with slot 60 × w + n.
Only readings in question are read (not approved, or approved and not met): whatever is left is met, so a partial
index holds all that a recompute needs.
"""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from criteria.models import Criterion, State, Verdict
from criteria.statements import Call, Ids, call, run, together

_ROLES = {
    Criterion.Role.CRITERION: ("failing", "undetermined"),
    Criterion.Role.CONDITION: ("conditions_failing", "conditions_undetermined"),
    Criterion.Role.RECOGNITION: ("recognition_failing", "recognition_undetermined"),
}
_MASKS = tuple(name for pair in _ROLES.values() for name in pair)
FIELDS = (*_MASKS, "indicators", "criteria_met", "criteria_failing", "criteria_undetermined", "verdict")

# The numbers are written into the text so that the planner sees the partial index's own condition.
_IN_QUESTION = f"NOT (r.state = {State.APPROVED:d} AND r.verdict IN ({Verdict.MET:d}, {Verdict.NOT_APPLICABLE:d}))"
_FAILS = f"r.state = {State.APPROVED:d} AND r.verdict = {Verdict.NOT_MET:d}"


def _unions(mask: str, names: tuple[str, str]) -> str:
    """Two columns: the bits of what fails, and of what is open; what fails may stand in both."""
    failing, open_ = names
    # Most inputs are of a criterion: nothing is called for the masks of the other roles.
    return (
        f"BIT_OR(e.{mask}) FILTER (WHERE e.{mask} <> 0 AND {_FAILS}) AS {failing},\n"
        f"        BIT_OR(e.{mask}) FILTER (WHERE e.{mask} <> 0 AND NOT ({_FAILS})) AS {open_}"
    )


def _columns(role: str, failing: str, open_: str) -> str:
    """What fails counts as failing only; a criterion without all its indicators is open at best."""
    is_open = f"COALESCE(f.{open_}, 0) | k.incomplete_{role}_mask"
    return f"COALESCE(f.{failing}, 0) AS {failing}, ({is_open}) & ~COALESCE(f.{failing}, 0) AS {open_}"


def _count(mask: str) -> str:
    """How many bits of a mask are set, by adding neighbours: in pairs, fours, eights, then all bytes."""
    pairs = f"({mask} - (({mask} >> 1) & 6148914691236517205))"
    fours = f"(({pairs} & 3689348814741910323) + (({pairs} >> 2) & 3689348814741910323))"
    return f"(({fours} + ({fours} >> 4)) & 1085102592571150095) %% 255"


# The function of the facts, one row for each folder: words of indicators, then criteria, then counts and verdict.
_COMPUTED = f"""
    WITH words AS (
        SELECT r.assessment_id, e.word, {_unions("indicator_mask", ("word_failing", "word_open"))},
            {", ".join(_unions(f"{role}_mask", names) for role, names in _ROLES.items())}
        FROM criteria_reading r
        JOIN criteria_input e ON e.id = r.input_id
        WHERE {_IN_QUESTION} AND r.assessment_id {{ids}}
        GROUP BY r.assessment_id, e.word
    ),
    found AS (
        SELECT assessment_id, {", ".join(f"BIT_OR({name}) AS {name}" for name in _MASKS)},
            {{object}}(CAST(word AS text), {{array}}(
                COALESCE(word_failing, 0), COALESCE(word_open, 0) & ~COALESCE(word_failing, 0)
            )) AS indicators
        FROM words GROUP BY assessment_id
    ),
    masks AS MATERIALIZED (
        SELECT s.id AS assessment_id, k.listed_criteria AS total, COALESCE(f.indicators, {{nothing}}) AS indicators,
            {", ".join(_columns(role, *names) for role, names in _ROLES.items())}
        FROM criteria_assessment s
        JOIN criteria_round d ON d.id = s.round_id
        JOIN criteria_criteriaset k ON k.id = d.criteria_set_id
        LEFT JOIN found f ON f.assessment_id = s.id
        WHERE s.id {{ids}}
    ),
    counted AS (
        SELECT masks.*, {_count("failing")} AS criteria_failing, {_count("undetermined")} AS criteria_undetermined
        FROM masks
    )
    SELECT counted.*, total - criteria_failing - criteria_undetermined AS criteria_met,
        CASE
            WHEN failing <> 0 OR conditions_failing <> 0 THEN {Verdict.NOT_MET:d}
            WHEN undetermined <> 0 OR conditions_undetermined <> 0 THEN {Verdict.UNDETERMINED:d}
            ELSE {Verdict.MET:d}
        END AS verdict
    FROM counted
"""
# How each database says the same of JSON.
_JSON = {
    "sqlite": {"{object}": "json_group_object", "{array}": "json_array", "{nothing}": "'{}'", "{json}": "json"},
    "postgresql": {
        "{object}": "jsonb_object_agg",
        "{array}": "jsonb_build_array",
        "{nothing}": "CAST('{}' AS jsonb)",
        "{json}": "",
    },
}
# SQLite keeps JSON as it was written, with blanks or without.
_DIFFERS = " OR ".join(f"t.{name} <> c.{name}" for name in FIELDS if name != "indicators")
_DIFFERS += " OR {json}(t.indicators) <> {json}(c.indicators)"
_UPDATE = f"""
    UPDATE criteria_attainment AS t
    SET {", ".join(f"{name} = c.{name}" for name in FIELDS)}, computed_at = %(now)s,
        epoch = COALESCE((SELECT value + 1 FROM communes_epoch WHERE province_code = %(province)s), 1)
    FROM ({_COMPUTED}) AS c
    WHERE t.assessment_id = c.assessment_id AND t.assessment_id {{ids}} AND ({_DIFFERS})
"""
_SHOW = f"""
    SELECT t.assessment_id, {", ".join(f"t.{name}" for name in FIELDS)}, {", ".join(f"c.{name}" for name in FIELDS)}
    FROM criteria_attainment t JOIN ({_COMPUTED}) AS c ON c.assessment_id = t.assessment_id
    WHERE t.assessment_id {{ids}}
"""
_DIFFERING = f"""
    SELECT t.assessment_id FROM criteria_attainment t JOIN ({_COMPUTED}) AS c ON c.assessment_id = t.assessment_id
    WHERE t.assessment_id {{ids}} AND ({_DIFFERS})
"""


def differing(ids: Ids) -> list[int]:
    """Folders of which the stored row does not equal the facts; nothing is locked or written."""
    return [folder_id for (folder_id,) in run(_said(_DIFFERING), ids)[1]]


def writing(ids: Ids) -> Call:
    """The statement that brings the attainment of the folders up to date; it touches the rows that differ."""
    return call(_said(_UPDATE), ids, now=timezone.now(), province=settings.PROVINCE_CODE)


def write(ids: Ids) -> int:
    """Bring the attainment of the folders up to date; returns rows that differed."""
    return together(writing(ids))[0]


def shown(ids: Ids) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """For each folder its id, the stored row and what the facts give."""
    width = len(FIELDS) + 1
    return [(row[0], _row(row[1:width]), _row(row[width:])) for row in run(_said(_SHOW), ids)[1]]


def _row(values: tuple) -> dict[str, Any]:
    found = dict(zip(FIELDS, values, strict=True))
    return found | {"indicators": json.loads(found["indicators"])}


@cache
def _said(statement: str) -> str:
    """The statement in the words of the database."""
    for word, said in _JSON[connection.vendor].items():
        statement = statement.replace(word, said)
    return statement

"""Attainment from readings, inside the database: one definition for SQLite and PostgreSQL.

Bit n of a mask is the criterion with `bit` n of its role; bit n of word w is the indicator with slot 60 × w + n.
Only readings in question are read (not approved, or approved and not met): whatever is left is met, so a partial
index holds all that a recompute needs.
"""

from django.conf import settings
from django.utils import timezone

from criteria.models import Criterion, State, Verdict
from criteria.statements import Ids, run

_ROLES = {
    Criterion.Role.CRITERION: ("failing", "undetermined"),
    Criterion.Role.CONDITION: ("conditions_failing", "conditions_undetermined"),
    Criterion.Role.RECOGNITION: ("recognition_failing", "recognition_undetermined"),
}
_MASKS = tuple(name for pair in _ROLES.values() for name in pair)
FIELDS = (*_MASKS, "criteria_met", "criteria_failing", "criteria_undetermined", "verdict")

# The numbers are written into the text so that the planner sees the partial index's own condition.
_IN_QUESTION = f"NOT (r.state = {State.APPROVED:d} AND r.verdict IN ({Verdict.MET:d}, {Verdict.NOT_APPLICABLE:d}))"
_FAILS = f"r.state = {State.APPROVED:d} AND r.verdict = {Verdict.NOT_MET:d}"


def _unions(mask: str, names: tuple[str, str]) -> str:
    """Two columns: the bits of what fails, and of what is open; what fails may stand in both."""
    failing, open_ = names
    return (
        f"BIT_OR(e.{mask}) FILTER (WHERE {_FAILS}) AS {failing},\n"
        f"        BIT_OR(e.{mask}) FILTER (WHERE NOT ({_FAILS})) AS {open_}"
    )


_CRITERIA = ",\n        ".join(_unions(f"{role}_mask", names) for role, names in _ROLES.items())
# One row for each word of a folder with an indicator in it that fails or is open.
_WORDS = f"""
    SELECT r.assessment_id, e.word, {_unions("indicator_mask", ("word_failing", "word_undetermined"))},
        {_CRITERIA}
    FROM criteria_reading r
    JOIN criteria_input e ON e.id = r.input_id
    WHERE {_IN_QUESTION} AND r.assessment_id {{ids}}
    GROUP BY r.assessment_id, e.word
"""
# What a set asks: how many criteria, and which of them can never be met because their indicators are not all known.
_LAW = f"""
    SELECT criteria_set_id, COUNT(*) FILTER (WHERE role = '{Criterion.Role.CRITERION}') AS total,
        {
    ", ".join(
        f"BIT_OR(CAST(1 AS bigint) << bit) FILTER (WHERE role = '{role}' AND NOT is_complete) AS {open_}"
        for role, (_, open_) in _ROLES.items()
    )
}
    FROM criteria_criterion GROUP BY criteria_set_id
"""


def _mask_columns(failing: str, open_: str) -> str:
    """What fails counts as failing only."""
    open_bits = f"COALESCE(f.{open_}, 0) | COALESCE(l.{open_}, 0)"
    return f"COALESCE(f.{failing}, 0) AS {failing}, ({open_bits}) & ~COALESCE(f.{failing}, 0) AS {open_}"


def _count(mask: str) -> str:
    """How many bits of a mask are set, by adding neighbours: in pairs, fours, eights, then all bytes."""
    pairs = f"({mask} - (({mask} >> 1) & 6148914691236517205))"
    fours = f"(({pairs} & 3689348814741910323) + (({pairs} >> 2) & 3689348814741910323))"
    return f"(({fours} + ({fours} >> 4)) & 1085102592571150095) %% 255"


# The function of the facts: one row for each folder.
_COMPUTED = f"""
    WITH words AS MATERIALIZED ({_WORDS}),
    found AS (
        SELECT assessment_id, {", ".join(f"BIT_OR({name}) AS {name}" for name in _MASKS)}
        FROM words GROUP BY assessment_id
    ),
    law AS ({_LAW}),
    masks AS MATERIALIZED (
        SELECT s.id AS assessment_id, COALESCE(l.total, 0) AS total,
            {", ".join(_mask_columns(*names) for names in _ROLES.values())}
        FROM criteria_assessment s
        JOIN criteria_round d ON d.id = s.round_id
        LEFT JOIN law l ON l.criteria_set_id = d.criteria_set_id
        LEFT JOIN found f ON f.assessment_id = s.id
        WHERE s.id {{ids}}
    ),
    counted AS (
        SELECT masks.*, {_count("failing")} AS criteria_failing, {_count("undetermined")} AS criteria_undetermined
        FROM masks
    ),
    computed AS (
        SELECT counted.*, total - criteria_failing - criteria_undetermined AS criteria_met,
            CASE
                WHEN failing <> 0 OR conditions_failing <> 0 THEN {Verdict.NOT_MET:d}
                WHEN undetermined <> 0 OR conditions_undetermined <> 0 THEN {Verdict.UNDETERMINED:d}
                ELSE {Verdict.MET:d}
            END AS verdict
        FROM counted
    )
"""
_DIFFERS = " OR ".join(f"t.{name} <> c.{name}" for name in FIELDS)
_UPDATE = f"""
    UPDATE criteria_attainment AS t
    SET {", ".join(f"{name} = c.{name}" for name in FIELDS)}, computed_at = %(now)s,
        epoch = COALESCE((SELECT value + 1 FROM communes_epoch WHERE province_code = %(province)s), 1)
    FROM ({_COMPUTED} SELECT * FROM computed) AS c
    WHERE t.assessment_id = c.assessment_id AND t.assessment_id {{ids}} AND ({_DIFFERS})
"""
_WORD_VALUES = ("COALESCE(w.word_failing, 0)", "COALESCE(w.word_undetermined, 0) & ~COALESCE(w.word_failing, 0)")
_SAME_WORD = "w.assessment_id = m.attainment_id AND w.word = m.word"
# Ids of which a stored row is not what the facts give, a word too many or too few included.
_DIFFERING = f"""
    {_COMPUTED}
    SELECT t.assessment_id FROM criteria_attainment t JOIN computed c ON c.assessment_id = t.assessment_id
    WHERE t.assessment_id {{ids}} AND ({_DIFFERS})
    UNION ALL
    SELECT w.assessment_id FROM words w
    LEFT JOIN (SELECT * FROM criteria_indicatormask WHERE attainment_id {{ids}}) AS m ON {_SAME_WORD}
    WHERE m.id IS NULL OR m.failing <> {_WORD_VALUES[0]} OR m.undetermined <> {_WORD_VALUES[1]}
    UNION ALL
    SELECT m.attainment_id FROM criteria_indicatormask m LEFT JOIN words w ON {_SAME_WORD}
    WHERE m.attainment_id {{ids}} AND w.word IS NULL
"""
_SHOW = f"""
    {_COMPUTED}
    SELECT t.assessment_id, {", ".join(f"t.{name}" for name in FIELDS)}, {", ".join(f"c.{name}" for name in FIELDS)}
    FROM criteria_attainment t JOIN computed c ON c.assessment_id = t.assessment_id
"""
_REPLACE_WORDS = f"""
    INSERT INTO criteria_indicatormask (attainment_id, word, failing, undetermined)
    SELECT w.assessment_id, w.word, {", ".join(_WORD_VALUES)} FROM ({_WORDS}) AS w WHERE TRUE
    ON CONFLICT (attainment_id, word) DO UPDATE SET failing = excluded.failing, undetermined = excluded.undetermined
    WHERE criteria_indicatormask.failing <> excluded.failing
        OR criteria_indicatormask.undetermined <> excluded.undetermined
"""
_DROP_WORDS = f"""
    DELETE FROM criteria_indicatormask AS m
    WHERE m.attainment_id {{ids}}
        AND (m.attainment_id, m.word) NOT IN (SELECT w.assessment_id, w.word FROM ({_WORDS}) AS w)
"""


def differing(ids: Ids) -> list[int]:
    """Ids of which a stored row does not equal the facts; nothing is locked or written."""
    return [folder_id for (folder_id,) in run(_DIFFERING, ids)[1]]


def write(ids: Ids) -> int:
    """Bring attainment and indicator masks of the folders up to date; returns attainment rows that differed."""
    changed, _ = run(_UPDATE, ids, now=timezone.now(), province=settings.PROVINCE_CODE)
    run(_REPLACE_WORDS, ids)
    run(_DROP_WORDS, ids)
    return changed


def shown(ids: Ids) -> list[tuple[int, dict[str, int], dict[str, int]]]:
    """For each folder its id, the stored row and what the facts give."""
    width = len(FIELDS) + 1
    return [
        (row[0], dict(zip(FIELDS, row[1:width], strict=True)), dict(zip(FIELDS, row[width:], strict=True)))
        for row in run(_SHOW, ids)[1]
    ]

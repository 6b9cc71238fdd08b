"""Counts over the communes of districts and of the province, one row per commune set and period.

Computed from the masks of the communes, any number of units in one statement; only rows that differ are written.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from criteria.models import Period, Verdict
from criteria.statements import Ids, run

_COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met")
# A unit counts for what it stands under on the period's last day.
_HELD = """
    JOIN communes_placement p ON p.area_id = {child}
        AND (p.valid_from IS NULL OR p.valid_from <= q.ends_on) AND (p.valid_to IS NULL OR p.valid_to >= q.ends_on)
"""
_WITH = {Verdict.MET: "attained", Verdict.NOT_MET: "failing", Verdict.UNDETERMINED: "undetermined"}
# Integers throughout: PostgreSQL adds larger ones as decimals, several times slower.
_SUMS = ", ".join(f"CAST(SUM({name}) AS integer) AS {name}" for name in ("members", *_WITH.values()))
_BY_VERDICT = ", ".join(
    f"CAST(COUNT(*) FILTER (WHERE a.verdict = {verdict:d}) AS integer) AS {name}" for verdict, name in _WITH.items()
)
# Communes by what stands above them and by criteria met; the same by what stands above that; then one row for each
# unit, set and period.
_COMPUTED = f"""
    WITH near AS (
        SELECT p.parent_id AS area_id, d.criteria_set_id, d.period_id, a.criteria_met,
            CAST(COUNT(*) AS integer) AS members, {_BY_VERDICT}
        FROM criteria_round d
        JOIN criteria_period q ON q.id = d.period_id
        JOIN criteria_criteriaset k ON k.id = d.criteria_set_id AND k.level = 'commune'
        JOIN criteria_assessment s ON s.round_id = d.id
        JOIN criteria_attainment a ON a.assessment_id = s.id
        {_HELD.format(child="s.area_id")}
        WHERE d.period_id {{periods}}
        GROUP BY p.parent_id, d.criteria_set_id, d.period_id, a.criteria_met
    ),
    far AS (
        SELECT p.parent_id AS area_id, n.criteria_set_id, n.period_id, n.criteria_met, {_SUMS}
        FROM near n JOIN criteria_period q ON q.id = n.period_id
        {_HELD.format(child="n.area_id")}
        WHERE p.parent_id IS NOT NULL
        GROUP BY p.parent_id, n.criteria_set_id, n.period_id, n.criteria_met
    ),
    bands AS (
        SELECT area_id, criteria_set_id, period_id, criteria_met, {_SUMS}
        FROM (SELECT * FROM near UNION ALL SELECT * FROM far) AS every WHERE area_id {{ids}}
        GROUP BY area_id, criteria_set_id, period_id, criteria_met
    ),
    counted AS (
        SELECT area_id, criteria_set_id, period_id, {_SUMS},
            CAST(SUM(members * criteria_met) AS integer) AS criteria_met, {{object}} AS by_criteria_met
        FROM bands GROUP BY area_id, criteria_set_id, period_id
    ),
    asked AS (
        SELECT DISTINCT d.criteria_set_id, d.period_id, q.ends_on
        FROM criteria_round d
        JOIN criteria_period q ON q.id = d.period_id
        JOIN criteria_criteriaset k ON k.id = d.criteria_set_id AND k.level = 'commune'
        WHERE d.period_id {{periods}}
    ),
    computed AS (
        SELECT area_id, criteria_set_id, period_id, by_criteria_met, {", ".join(_COUNTS)} FROM counted
        UNION ALL
        SELECT u.id, w.criteria_set_id, w.period_id, {{nothing}}, {", ".join("0" for _ in _COUNTS)}
        FROM asked w
        JOIN communes_area u ON u.level IN ('district', 'province')
            AND (u.valid_from IS NULL OR u.valid_from <= w.ends_on) AND (u.valid_to IS NULL OR u.valid_to >= w.ends_on)
        WHERE u.id {{ids}} AND (u.id, w.criteria_set_id, w.period_id) NOT IN (
            SELECT area_id, criteria_set_id, period_id FROM counted
        )
    )
"""
_WRITE = f"""
    INSERT INTO criteria_rollup (area_id, criteria_set_id, period_id, {", ".join(_COUNTS)}, by_criteria_met,
        epoch, computed_at)
    SELECT area_id, criteria_set_id, period_id, {", ".join(_COUNTS)}, by_criteria_met, 0, %(now)s
    FROM ({_COMPUTED} SELECT * FROM computed) AS c WHERE TRUE
    ON CONFLICT (area_id, criteria_set_id, period_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in (*_COUNTS, "by_criteria_met", "computed_at"))}
    WHERE {" OR ".join(f"criteria_rollup.{name} <> excluded.{name}" for name in _COUNTS)}
        OR {{bands}}(criteria_rollup.by_criteria_met) <> {{bands}}(excluded.by_criteria_met)
"""
_FAULTS = f"""
    {_COMPUTED}
    SELECT t.area_id, t.criteria_set_id, t.period_id
    FROM criteria_rollup t
    LEFT JOIN computed c
        ON c.area_id = t.area_id AND c.criteria_set_id = t.criteria_set_id AND c.period_id = t.period_id
    WHERE t.area_id {{ids}} AND (
        c.area_id IS NULL OR {" OR ".join(f"t.{name} <> c.{name}" for name in _COUNTS)}
        OR {{bands}}(t.by_criteria_met) <> {{bands}}(c.by_criteria_met)
    ) AND NOT EXISTS (
        SELECT 1 FROM criteria_dirtyscope w WHERE w.area_id = t.area_id AND w.period_id = t.period_id
    )
    ORDER BY t.area_id, t.criteria_set_id, t.period_id
"""
# How each database says the same of JSON.
_JSON = {
    "sqlite": {
        "{object}": "json_group_object(CAST(criteria_met AS text), members)",
        "{nothing}": "'{}'",
        "{bands}": "json",
    },
    "postgresql": {
        "{object}": "jsonb_object_agg(CAST(criteria_met AS text), members)",
        "{nothing}": "CAST('{}' AS jsonb)",
        "{bands}": "to_jsonb",
    },
}


def refresh(area_ids: Iterable[int], period: Period) -> int:
    """Recount the units for every commune set open in the period; returns rows that differed."""
    return _run(_WRITE, Ids.of(area_ids), "= %(period)s", period=period.pk, now=timezone.now())[0]


def refresh_all() -> int:
    """Recount every district and province in every period; returns rows that differed."""
    return _run(_WRITE, Ids.every(), "IS NOT NULL", now=timezone.now())[0]


def faults() -> list[str]:
    """Stored rows that do not equal a recount, leaving out units that wait for the job."""
    _, rows = _run(_FAULTS, Ids.every(), "IS NOT NULL")
    return [f"roll-up of unit {area_id}, set {set_id}, period {period_id}" for area_id, set_id, period_id in rows]


def _run(statement: str, ids: Ids, periods: str, **values: Any) -> tuple[int, list[tuple]]:
    """`periods` is the condition after a period's column."""
    statement = statement.replace("{periods}", periods)
    for word, said in _JSON[connection.vendor].items():
        statement = statement.replace(word, said)
    return run(statement, ids, **values)

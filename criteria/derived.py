"""Values that the portal computes instead of a person: tiers below, ratios, shares of units recognised.

A derived reading is approved by the portal. Tiers and ratios of any number of units are one statement each, inside
the database; shares (criteria.shares) exist for districts and the province only. Readings of a closed round are
frozen and never touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from criteria import shares
from criteria.masks import Scope, run
from criteria.models import Assessment, CriteriaSet, Input, Reading, Round, State, Verdict


@dataclass(frozen=True)
class Derivation:
    """One input that the portal computes, and by which rule."""

    input_id: int
    kind: str
    slug: str
    code: str


@lru_cache(maxsize=256)
def derivations(set_id: int, checksum: str) -> tuple[Derivation, ...]:
    """What the portal computes in a set. `checksum` is the set's: a set with other text is another entry."""
    inputs = Input.objects.filter(indicator__criterion__criteria_set=set_id, derived__isnull=False)
    return tuple(_derivation(entry.pk, entry.rule) for entry in inputs.order_by("pk"))


def _derivation(input_id: int, rule: dict[str, Any]) -> Derivation:
    return Derivation(input_id, rule["kind"], rule.get("set", ""), rule.get("input", ""))


def of(criteria_set: CriteriaSet) -> tuple[Derivation, ...]:
    """What the portal computes in the set."""
    return derivations(criteria_set.pk, criteria_set.checksum)


def refresh(reading_round: Round, assessments: QuerySet[Assessment], *, even_closed: bool = False) -> int:
    """Bring the derived readings of the assessments of one round up to date; returns how many differed."""
    found = of(reading_round.criteria_set)
    if not found or not (reading_round.is_open or even_closed):
        return 0
    scope = Scope.of(assessments)
    differing = sum(_RULES[each.kind](each, scope) for each in found if each.kind in _RULES)
    return differing + _refresh_shares(reading_round, assessments, [each for each in found if each.kind == "share"])


def _refresh_shares(reading_round: Round, assessments: QuerySet[Assessment], found: list[Derivation]) -> int:
    if not found:
        return 0
    inputs = [each.input_id for each in found]
    readings = Reading.objects.filter(assessment__in=assessments, input__in=inputs)
    return shares.refresh(reading_round, list(readings.select_related("input", "assessment__area")))


# The same unit's folder in another set of the same period.
_BELOW = """
    JOIN criteria_assessment s ON s.id = r.assessment_id
    JOIN criteria_round d ON d.id = s.round_id
    LEFT JOIN (
        criteria_round d2 JOIN criteria_criteriaset k2 ON k2.id = d2.criteria_set_id AND k2.slug = %s
    ) ON d2.period_id = d.period_id AND d2.province_id = d.province_id
    LEFT JOIN criteria_assessment s2 ON s2.round_id = d2.id AND s2.area_id = s.area_id
"""
_STORE = f"""
    UPDATE criteria_reading AS t
    SET value = c.value, verdict = c.verdict, not_applicable = FALSE, state = {State.APPROVED:d},
        origin = '{Reading.Origin.DERIVED}', detail = c.detail, is_illustrative = c.is_illustrative,
        version = t.version + 1
    FROM ({{computed}}) AS c
    WHERE t.id = c.id AND (
        COALESCE(t.value, -1) <> COALESCE(c.value, -1) OR t.verdict <> c.verdict
        OR t.state <> {State.APPROVED:d} OR t.is_illustrative <> c.is_illustrative
    )
"""
_ATTAINED = _STORE.format(
    computed=f"""
    SELECT r.id, r.detail, COALESCE(b.verdict, {Verdict.UNDETERMINED:d}) AS verdict,
        CASE b.verdict WHEN {Verdict.MET:d} THEN 1 WHEN {Verdict.NOT_MET:d} THEN 0 END AS value,
        EXISTS (
            SELECT 1 FROM criteria_reading x
            WHERE x.assessment_id = s2.id AND x.is_illustrative AND x.state = {State.APPROVED:d}
        ) AS is_illustrative
    FROM criteria_reading r {_BELOW}
    LEFT JOIN criteria_attainment b ON b.assessment_id = s2.id
    WHERE r.input_id = %s AND r.assessment_id IN ({{scope}})
"""
)
_RATIO = _STORE.format(
    computed=f"""
    SELECT q.*, CASE
        WHEN q.value IS NULL OR q.level IS NULL THEN {Verdict.UNDETERMINED:d}
        WHEN q.operator = '{Input.Operator.AT_LEAST}' AND q.value >= q.level THEN {Verdict.MET:d}
        WHEN q.operator = '{Input.Operator.AT_MOST}' AND q.value <= q.level THEN {Verdict.MET:d}
        ELSE {Verdict.NOT_MET:d} END AS verdict
    FROM (
        SELECT r.id, e.operator, th.value AS level, ROUND(r2.value * 100.0 / h.value, 4) AS value,
            {{object}} AS detail, COALESCE(r2.is_illustrative OR h.is_illustrative, FALSE) AS is_illustrative
        FROM criteria_reading r {_BELOW}
        JOIN criteria_input e ON e.id = r.input_id
        LEFT JOIN criteria_threshold th ON th.id = r.threshold_id
        LEFT JOIN criteria_reading r2 ON r2.assessment_id = s2.id AND r2.state = {State.APPROVED:d}
            AND r2.value IS NOT NULL AND r2.input_id IN (SELECT id FROM criteria_input WHERE code = %s)
        LEFT JOIN criteria_threshold h ON h.id = r2.threshold_id AND h.value <> 0
        WHERE r.input_id = %s AND r.assessment_id IN ({{scope}})
    ) AS q
"""
)
_OBJECT = {
    "sqlite": "json_object('value', r2.value, 'of', h.value)",
    "postgresql": "jsonb_build_object('value', r2.value, 'of', h.value)",
}


def _attained(rule: Derivation, scope: Scope) -> int:
    """Whether the same unit attains the set `rule.slug` in the same period."""
    return run(_ATTAINED, scope, rule.slug, rule.input_id)[0]


def _ratio(rule: Derivation, scope: Scope) -> int:
    """An approved value of another set as a percentage of the threshold that binds it there."""
    statement = _RATIO.replace("{object}", _OBJECT[connection.vendor])
    return run(statement, scope, rule.slug, rule.code, rule.input_id)[0]


_RULES = {"attained": _attained, "ratio": _ratio}


def in_order(sets: Iterable[CriteriaSet]) -> list[list[CriteriaSet]]:
    """Sets in ranks, such that whatever one stands on is in an earlier rank (NTM, advanced, model)."""
    by_slug = {found.slug: found for found in sets}
    needs = {slug: _stands_on(found) & by_slug.keys() for slug, found in by_slug.items()}
    ranks: list[list[CriteriaSet]] = []
    while needs:
        ready = sorted(slug for slug, below in needs.items() if not below)
        if not ready:
            raise ValueError(f"Sets stand on each other in a circle: {sorted(needs)}")
        ranks.append([by_slug[slug] for slug in ready])
        needs = {slug: below - set(ready) for slug, below in needs.items() if slug not in ready}
    return ranks


def standing_on(criteria_set: CriteriaSet) -> set[str]:
    """Slugs of the set itself and of every set that stands on it, directly or not."""
    below = {found.slug: _stands_on(found) for found in CriteriaSet.objects.only("slug", "checksum")}
    reached = {criteria_set.slug}
    while more := {slug for slug, needs in below.items() if needs & reached} - reached:
        reached |= more
    return reached


def _stands_on(criteria_set: CriteriaSet) -> set[str]:
    return {each.slug for each in of(criteria_set) if each.kind in _RULES}

"""Values that the portal computes instead of a person: tiers below, ratios, shares of units recognised.

A derived reading is approved by the portal. Tiers and ratios of any number of units are one statement each, inside
the database; shares (criteria.shares) exist for districts and the province only. Readings of a closed round are
frozen and never touched.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from criteria import shares
from criteria.models import CriteriaSet, Input, Reading, State, Verdict
from criteria.resolving import verdict_sql
from criteria.statements import Ids, run


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


def refresh(sets: Iterable[CriteriaSet], folder_ids: list[int], *, even_closed: bool = False) -> list[int]:
    """Bring the derived readings of folders of these sets up to date; the folders where one differed."""
    found, ids = [each for criteria_set in sets for each in of(criteria_set)], Ids.of(folder_ids)
    stored = [pk for each in found if each.kind in _COMPUTED for pk in _run(_STORE, each, ids, even_closed)]
    inputs = [each.input_id for each in found if each.kind == "share"]
    return stored + shares.refresh(inputs, folder_ids, even_closed=even_closed)


def differing(sets: Iterable[CriteriaSet], ids: Ids) -> list[int]:
    """Folders in open rounds with a tier or ratio that does not equal the facts; nothing is locked or written."""
    found = [each for criteria_set in sets for each in of(criteria_set) if each.kind in _COMPUTED]
    return [pk for each in found for pk in _run(_FIND, each, ids, False)]


# The derived reading, its folder, and the same unit's folder in the set below, of the same period.
_BELOW = """
    FROM criteria_reading r
    JOIN criteria_assessment s ON s.id = r.assessment_id
    JOIN criteria_round d ON d.id = s.round_id AND {is_open}
    LEFT JOIN criteria_round d2 ON d2.period_id = d.period_id AND d2.province_id = d.province_id
        AND d2.criteria_set_id IN (SELECT id FROM criteria_criteriaset WHERE slug = %(below)s)
    LEFT JOIN criteria_assessment s2 ON s2.round_id = d2.id AND s2.area_id = s.area_id
"""
_HERE = f"WHERE r.input_id = %(input)s AND r.origin = '{Reading.Origin.DERIVED}' AND r.assessment_id {{ids}}"
_STORED = """r.id, r.assessment_id AS folder_id, r.state AS old_state, r.value AS old_value, r.verdict AS old_verdict,
        r.is_illustrative AS was_illustrative"""
_ATTAINED = f"""
    SELECT {_STORED}, COALESCE(b.verdict, {Verdict.UNDETERMINED:d}) AS verdict,
        CASE b.verdict WHEN {Verdict.MET:d} THEN 1 WHEN {Verdict.NOT_MET:d} THEN 0 END AS value,
        EXISTS (
            SELECT 1 FROM criteria_reading x
            WHERE x.assessment_id = s2.id AND x.is_illustrative AND x.state = {State.APPROVED:d}
        ) AS is_illustrative, NULL AS measured, NULL AS of
    {_BELOW}
    LEFT JOIN criteria_attainment b ON b.assessment_id = s2.id
    {_HERE}
"""
_RATIO = f"""
    SELECT q.*, {verdict_sql("q.value", "FALSE", "q.operator", "q.level")} AS verdict
    FROM (
        SELECT p.*, ROUND(p.measured * 100.0 / p.of, 4) AS value
        FROM (
            SELECT {_STORED}, e.operator, th.value AS level, h.value AS of,
                CASE WHEN r2.state = {State.APPROVED:d} THEN r2.value END AS measured,
                COALESCE(r2.state = {State.APPROVED:d} AND (r2.is_illustrative OR h.is_illustrative), FALSE)
                    AS is_illustrative
            {_BELOW}
            JOIN criteria_input e ON e.id = r.input_id
            LEFT JOIN criteria_threshold th ON th.id = r.threshold_id
            LEFT JOIN criteria_reading r2 ON r2.assessment_id = s2.id
                AND r2.input_id IN (SELECT id FROM criteria_input WHERE code = %(code)s)
            LEFT JOIN criteria_threshold h ON h.id = r2.threshold_id AND h.value <> 0
            {_HERE}
        ) AS p
    ) AS q
"""
_COMPUTED = {"attained": _ATTAINED, "ratio": _RATIO}
_DIFFERS = f"""
    (COALESCE(c.old_value, -1) <> COALESCE(c.value, -1) OR c.old_verdict <> c.verdict
    OR c.old_state <> {State.APPROVED:d} OR c.was_illustrative <> c.is_illustrative)
"""
_STORE = f"""
    UPDATE criteria_reading AS t
    SET value = c.value, verdict = c.verdict, not_applicable = FALSE, state = {State.APPROVED:d},
        origin = '{Reading.Origin.DERIVED}', is_illustrative = c.is_illustrative, version = t.version + 1,
        detail = {{detail}}
    FROM ({{computed}}) AS c
    WHERE t.id = c.id AND {_DIFFERS}
    RETURNING assessment_id
"""
_FIND = f"""
    SELECT c.folder_id FROM ({{computed}}) AS c WHERE {_DIFFERS}
"""
# What a ratio was taken from; a tier's reading keeps what it says of its set.
_DETAIL = {
    ("attained", "sqlite"): "t.detail",
    ("attained", "postgresql"): "t.detail",
    ("ratio", "sqlite"): "json_object('value', c.measured, 'of', c.of)",
    ("ratio", "postgresql"): "jsonb_build_object('value', c.measured, 'of', c.of)",
}


def _run(outer: str, rule: Derivation, ids: Ids, even_closed: bool) -> list[int]:
    statement = outer.replace("{computed}", _COMPUTED[rule.kind])
    statement = statement.replace("{detail}", _DETAIL[rule.kind, connection.vendor])
    statement = statement.replace("{is_open}", "TRUE" if even_closed else "d.closed_on IS NULL")
    return [pk for (pk,) in run(statement, ids, input=rule.input_id, below=rule.slug, code=rule.code)[1]]


def in_order(sets: Iterable[CriteriaSet]) -> list[list[CriteriaSet]]:
    """Sets in ranks, such that whatever one stands on is in an earlier rank (NTM, advanced, model).

    Versions of one set share its slug and its rank.
    """
    by_slug: dict[str, list[CriteriaSet]] = defaultdict(list)
    for found in sets:
        by_slug[found.slug].append(found)
    needs = {slug: set().union(*map(_stands_on, found)) & by_slug.keys() for slug, found in by_slug.items()}
    ranks: list[list[CriteriaSet]] = []
    while needs:
        ready = sorted(slug for slug, below in needs.items() if not below)
        if not ready:
            raise ValueError(f"Sets stand on each other in a circle: {sorted(needs)}")
        ranks.append([version for slug in ready for version in by_slug[slug]])
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
    return {each.slug for each in of(criteria_set) if each.kind in _COMPUTED}

"""Counts over the communes of districts and of the province, one row per commune set and period.

One statement counts any number of units; only rows that differ are written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from criteria.models import DirtyScope, Period, RollUp, Round, Verdict

_COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met", "by_criteria_met")
_BATCH = 500

# A commune counts for what it stands under on the period's last day: its parent, and its parent's parent.
_HELD = """
    JOIN communes_placement {alias} ON {alias}.area_id = {child}
        AND ({alias}.valid_from IS NULL OR {alias}.valid_from <= q.ends_on)
        AND ({alias}.valid_to IS NULL OR {alias}.valid_to >= q.ends_on)
"""
_GROUPED = f"""
    SELECT u.id, d.criteria_set_id, a.verdict, a.criteria_met, COUNT(*)
    FROM criteria_round d
    JOIN criteria_period q ON q.id = d.period_id
    JOIN criteria_criteriaset k ON k.id = d.criteria_set_id AND k.level = 'commune'
    JOIN criteria_assessment s ON s.round_id = d.id
    JOIN criteria_attainment a ON a.assessment_id = s.id
    {_HELD.format(alias="p", child="s.area_id")}
    LEFT {_HELD.format(alias="pp", child="p.parent_id").strip()}
    JOIN communes_area u ON u.id IN (p.parent_id, pp.parent_id)
    WHERE d.period_id = %s AND u.id IN ({{places}})
    GROUP BY u.id, d.criteria_set_id, a.verdict, a.criteria_met
"""


def refresh(area_ids: Iterable[int], period: Period) -> int:
    """Recount the units for every commune set open in the period; returns rows that differed."""
    ids = sorted(set(area_ids))
    counted = _counted(ids, period)
    stored = {(row.area_id, row.criteria_set_id): row for row in RollUp.objects.filter(area__in=ids, period=period)}
    sets = Round.objects.filter(period=period, criteria_set__level="commune").values_list("criteria_set_id", flat=True)
    rows = [
        RollUp(area_id=area_id, criteria_set_id=set_id, period=period, computed_at=timezone.now(), **counts)
        for area_id in ids
        for set_id in set(sets)
        for counts in [_summary(counted[area_id, set_id])]
        if _differs(stored.get((area_id, set_id)), counts)
    ]
    RollUp.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["area", "criteria_set", "period"],
        update_fields=[*_COUNTS, "computed_at"],
        batch_size=_BATCH,
    )
    return len(rows)


def faults(period: Period) -> list[str]:
    """Stored rows of the period that do not equal a recount, leaving out units that wait for the job."""
    waiting = DirtyScope.objects.filter(period=period).values("area_id")
    rows = list(RollUp.objects.filter(period=period).exclude(area__in=waiting))
    counted = _counted(sorted({row.area_id for row in rows}), period)
    return [
        f"roll-up of unit {row.area_id}, set {row.criteria_set_id}, {period.code}"
        for row in rows
        if _differs(row, _summary(counted[row.area_id, row.criteria_set_id]))
    ]


def _counted(ids: list[int], period: Period) -> dict[tuple[int, int], Counter[tuple[int, int]]]:
    """How many communes have which verdict and how many criteria met, by unit and set."""
    found: dict[tuple[int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
    if not ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED.format(places=", ".join(["%s"] * len(ids))), [period.pk, *ids])
        for area_id, set_id, verdict, met, count in cursor.fetchall():
            found[area_id, set_id][verdict, met] = count
    return found


def _summary(counted: Counter[tuple[int, int]]) -> dict[str, Any]:
    verdicts: Counter[int] = Counter()
    by_met: Counter[int] = Counter()
    for (verdict, met), count in counted.items():
        verdicts[verdict] += count
        by_met[met] += count
    return {
        "members": sum(by_met.values()),
        "attained": verdicts[Verdict.MET],
        "failing": verdicts[Verdict.NOT_MET],
        "undetermined": verdicts[Verdict.UNDETERMINED],
        "criteria_met": sum(met * count for met, count in by_met.items()),
        "by_criteria_met": {str(met): count for met, count in sorted(by_met.items())},
    }


def _differs(stored: RollUp | None, counts: dict[str, Any]) -> bool:
    return stored is None or {name: getattr(stored, name) for name in _COUNTS} != counts

"""Proving that what is stored equals the facts, from raw values and pinned thresholds; nothing is changed.

The database compares, chunk by chunk, and hands over only what is wrong: memory stays flat however many values.
"""

from django.db.models import Max

from criteria import derived, engine, ledger, roll_up, shares, stored_files
from criteria.models import Assessment, CriteriaSet, DirtyScope, Reading, RecomputeRun, State
from criteria.resolving import verdict_sql
from criteria.statements import Ids, run

_CHUNK = 5000
_WRONG_VERDICTS = f"""
    SELECT r.id, r.verdict
    FROM criteria_reading r
    JOIN criteria_input e ON e.id = r.input_id
    LEFT JOIN criteria_threshold h ON h.id = r.threshold_id
    WHERE r.assessment_id {{ids}} AND r.state = {State.APPROVED:d}
        AND r.verdict <> {verdict_sql("r.value", "r.not_applicable", "e.operator", "h.value")}
"""


def verify_all() -> tuple[RecomputeRun, list[str]]:
    """Every stored verdict, mask, tier, ratio, share, roll-up and file against the facts; a line in the ledger."""
    entry = ledger.start(RecomputeRun.Kind.VERIFY)
    faults = [fault for ids in _chunks() for fault in _folder_faults(ids)]
    faults += _share_faults()
    faults += _wrong_origins() + roll_up.faults()
    faults += stored_files.faults()
    ledger.finish(entry, ledger.Tally(scopes=1, differences=len(faults), faults=faults))
    return entry, faults


def _chunks() -> list[Ids]:
    last = Assessment.objects.aggregate(last=Max("pk"))["last"] or 0
    return [Ids.between(after, after + _CHUNK) for after in range(0, last, _CHUNK)]


def _folder_faults(ids: Ids) -> list[str]:
    faults = [f"reading {pk}: stored verdict {stored}" for pk, stored in run(_WRONG_VERDICTS, ids)[1]]
    wrong = engine.differing(ids)
    told = {found.assessment_id: found for found in engine.shown(wrong)}
    return faults + [
        f"assessment {pk}: stored {told[pk].stored}, computed {told[pk].computed}" if pk in told else f"assessment {pk}"
        for pk in sorted(wrong)
    ]


def _wrong_origins() -> list[str]:
    """What the portal computes must say so: it is found by that."""
    wrong = Reading.objects.filter(input__derived__isnull=False).exclude(origin=Reading.Origin.DERIVED)
    return [f"reading {pk}: computed by the portal, but of another origin" for pk in wrong.values_list("pk", flat=True)]


def _share_faults() -> list[str]:
    """Shares that do not equal the register and the decisions, leaving out units that wait for the job."""
    sets = CriteriaSet.objects.filter(rounds__isnull=False).distinct()
    inputs = [each.input_id for found in sets for each in derived.of(found) if each.kind == "share"]
    folders = Reading.objects.filter(input__in=inputs).values_list("assessment_id", flat=True).distinct()
    stale = shares.stale(inputs, list(folders))
    waiting = set(DirtyScope.objects.values_list("area_id", "period_id"))
    return [
        f"reading {reading.pk}: stored share of unit {reading.assessment.area_id}"
        for reading in stale
        if (reading.assessment.area_id, reading.assessment.round.period_id) not in waiting
    ]

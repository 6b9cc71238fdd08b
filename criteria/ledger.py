"""Bringing districts and the province up to date from their dirty rows, with a line in the run ledger."""

import hashlib

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from accounts.models import AuditEvent
from communes import epochs
from criteria import engine, roll_up
from criteria.models import CriteriaSet, DirtyScope, Period, Reading, RecomputeRun, State
from criteria.rules import verdicts

_DISTRICTS_FIRST = Case(When(area__level="district", then=Value(0)), default=Value(1), output_field=IntegerField())


def start(kind: str) -> RecomputeRun:
    """A new line in the ledger: which law, and up to which event the inputs were seen."""
    law = "".join(CriteriaSet.objects.order_by("slug", "version").values_list("checksum", flat=True))
    seen = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return RecomputeRun.objects.create(
        kind=kind,
        started_at=timezone.now(),
        law_checksum=hashlib.sha256(law.encode()).hexdigest(),
        input_watermark=seen,
    )


def finish(run: RecomputeRun, *, scopes: int, differences: int) -> RecomputeRun:
    """Close the line."""
    run.finished_at, run.scopes, run.differences = timezone.now(), scopes, differences
    run.save(update_fields=["finished_at", "scopes", "differences"])
    return run


def recompute_dirty() -> RecomputeRun | None:
    """Recompute every scope that is marked, districts before the province; None when nothing is marked.

    Each scope is one transaction: a job killed in between leaves the remaining marks for the next one.
    """
    scopes = list(DirtyScope.objects.select_related("area", "period").order_by(_DISTRICTS_FIRST, "id"))
    if not scopes:
        return None
    run = start(RecomputeRun.Kind.ROLL_UP)
    differences = sum(recompute_scope(scope) for scope in scopes)
    return finish(run, scopes=len(scopes), differences=differences)


@transaction.atomic
def recompute_scope(scope: DirtyScope) -> int:
    """Recompute one district or province in one period; returns rows that differed.

    The mark is removed only if nobody marked it again after it was read.
    """
    condition = engine.unit(area_id=scope.area_id, period_id=scope.period_id)
    engine.lock(condition)
    differences = engine.recompute(condition) + roll_up.refresh([scope.area_id], scope.period)
    DirtyScope.objects.filter(pk=scope.pk, marks=scope.marks).delete()
    if differences:
        epochs.bump(epoch_of(scope))
    return differences


def epoch_of(scope: DirtyScope) -> str | None:
    """The province whose counter the scope raises; None is the portal's own."""
    return scope.area.code if scope.area.level == "province" else None


def verify_all() -> tuple[RecomputeRun, list[str]]:
    """Prove that stored attainment equals the facts, from raw values and pinned thresholds; nothing is changed."""
    run = start(RecomputeRun.Kind.VERIFY)
    faults = [
        f"assessment {found.assessment_id}: stored {found.stored}, computed {found.computed}"
        for found in engine.verify()
    ]
    faults += _verdict_faults()
    faults += [fault for period in Period.objects.all() for fault in roll_up.faults(period)]
    finish(run, scopes=1, differences=len(faults))
    return run, faults


def _verdict_faults() -> list[str]:
    """Approved values whose stored verdict is not what their pinned threshold gives; streamed."""
    rows = Reading.objects.filter(state=State.APPROVED).values_list(
        "id", "value", "not_applicable", "verdict", "input__operator", "threshold__value"
    )
    return [
        f"reading {pk}: stored verdict {stored}"
        for pk, value, not_applicable, stored, operator, threshold in rows.iterator(chunk_size=5000)
        if int(verdicts.resolve(value, not_applicable, operator, threshold)) != stored
    ]

"""Bringing districts and the province up to date from their dirty rows, with a line in the run ledger."""

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from accounts import hints
from accounts.models import AuditEvent
from communes import epochs
from criteria import dirty, engine, roll_up
from criteria.models import CriteriaSet, DirtyScope, Period, Reading, RecomputeRun, State
from criteria.rules import verdicts

FIRST_DELAY = dt.timedelta(seconds=5)
LONGEST_DELAY = dt.timedelta(hours=1)
_DISTRICTS_FIRST = Case(When(area__level="district", then=Value(0)), default=Value(1), output_field=IntegerField())
# A pass takes all that is marked; while values pour in the next hint goes on from here.
_PASSES = 20
_FAULTS_KEPT = 20

logger = logging.getLogger(__name__)


@dataclass
class Tally:
    """What a run did so far."""

    scopes: int = 0
    differences: int = 0
    faults: list[str] = field(default_factory=list)


def start(kind: str) -> RecomputeRun:
    """A new line in the ledger: which code, which law, and up to which event the inputs were seen."""
    law = "".join(CriteriaSet.objects.order_by("slug", "version").values_list("checksum", flat=True))
    seen = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return RecomputeRun.objects.create(
        kind=kind,
        started_at=timezone.now(),
        law_checksum=hashlib.sha256(law.encode()).hexdigest(),
        code_version=settings.VERSION,
        input_watermark=seen,
    )


def finish(run: RecomputeRun, tally: Tally) -> RecomputeRun:
    """Close the line."""
    run.finished_at, run.scopes, run.differences = timezone.now(), tally.scopes, tally.differences
    run.failures, run.faults = len(tally.faults), tally.faults[:_FAULTS_KEPT]
    run.save(update_fields=["finished_at", "scopes", "differences", "failures", "faults"])
    return run


def recompute_dirty() -> RecomputeRun | None:
    """Recompute every scope that is marked and due, districts before the province; None when there is none.

    Each scope is one transaction: a job killed in between leaves the remaining marks for the next one. Passes are
    repeated until nothing is marked, because a mark on a marked scope tells no worker.
    """
    scopes = list(in_order(due()))
    if not scopes:
        return None
    run, tally = start(RecomputeRun.Kind.ROLL_UP), Tally()
    for _ in range(_PASSES):
        taken = [take(scope, tally) for scope in scopes]
        scopes = list(in_order(due()))
        if not any(taken) or not scopes:
            break
    else:
        hints.send(dirty.TASK)
    return finish(run, tally)


def due() -> QuerySet[DirtyScope]:
    """Marked scopes, without those that failed and wait for their next attempt."""
    return DirtyScope.objects.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()))


def in_order(scopes: QuerySet[DirtyScope]) -> QuerySet[DirtyScope]:
    """Districts before the province, which counts them."""
    return scopes.select_related("area", "period").order_by(_DISTRICTS_FIRST, "id")


def take(scope: DirtyScope, tally: Tally) -> bool:
    """Recompute one scope into the tally; False where another worker has it in hand.

    A scope that raises keeps its mark with the reason, waits with growing delay, and the others go on.
    """
    try:
        differences = recompute_scope(scope)
    except Exception as fault:
        logger.exception("Recomputing %s in %s failed.", scope.area.code, scope.period.code)
        tally.faults.append(_put_off(scope, fault))
        return True
    if differences is None:
        return False
    tally.scopes, tally.differences = tally.scopes + 1, tally.differences + differences
    return True


def _put_off(scope: DirtyScope, fault: Exception) -> str:
    """Keep the mark for a later attempt; the reason as the ledger says it."""
    reason = f"{type(fault).__name__}: {fault}"[:1000]
    delay = min(FIRST_DELAY * 2 ** min(scope.failures, 16), LONGEST_DELAY)
    DirtyScope.objects.filter(pk=scope.pk).update(
        failures=scope.failures + 1, reason=reason, retry_at=timezone.now() + delay
    )
    return f"{scope.area.code} {scope.period.code}: {reason}"


@transaction.atomic
def recompute_scope(scope: DirtyScope) -> int | None:
    """Recompute one district or province in one period; returns rows that differed.

    The mark is removed only if nobody marked it again after it was read. None, and nothing done, where another
    worker has the scope in hand: it looks for new marks itself before it ends.
    """
    if _is_held(scope):
        return None
    condition = engine.unit(area_id=scope.area_id, period_id=scope.period_id)
    engine.lock(condition)
    differences = engine.recompute(condition) + roll_up.refresh([scope.area_id], scope.period)
    DirtyScope.objects.filter(pk=scope.pk, marks=scope.marks).delete()
    if differences:
        epochs.bump(epoch_of(scope))
    return differences


def _is_held(scope: DirtyScope) -> bool:
    """Take the scope's advisory lock until the end of the transaction; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::integer, %s::integer)", [scope.area_id, scope.period_id])
        return not cursor.fetchone()[0]


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
    finish(run, Tally(scopes=1, differences=len(faults)))
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

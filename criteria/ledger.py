"""Bringing districts and the province up to date from their dirty rows, with a line in the run ledger."""

import datetime as dt
import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import hints
from accounts.models import AuditEvent
from communes import epochs
from communes.models import Level
from criteria import dirty, engine, roll_up
from criteria.models import CriteriaSet, DirtyScope, RecomputeRun
from criteria.statements import Ids, run

FIRST_DELAY = dt.timedelta(seconds=5)
LONGEST_DELAY = dt.timedelta(hours=1)
# A pass takes all that is marked; while values pour in the next hint goes on from here.
_PASSES = 20
# Scopes of one transaction: it holds the locks of their own folders.
TOGETHER = 1000
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

    Passes are repeated until nothing is marked, because a mark on a marked scope tells no worker.
    """
    scopes = list(due())
    if not scopes:
        return None
    ledger_run, tally = start(RecomputeRun.Kind.ROLL_UP), Tally()
    for _ in range(_PASSES):
        taken = take(scopes, tally)
        scopes = list(due())
        if not taken or not scopes:
            break
    else:
        hints.send(dirty.TASK)
    return finish(ledger_run, tally)


def due() -> QuerySet[DirtyScope]:
    """Marked scopes, without those that failed and wait for their next attempt."""
    waiting = Q(retry_at=None) | Q(retry_at__lte=timezone.now())
    return DirtyScope.objects.filter(waiting).select_related("area", "period")


def take(scopes: Iterable[DirtyScope], tally: Tally) -> int:
    """Recompute scopes into the tally, those of a period together; how many this worker had in hand.

    Each batch is one transaction: a job killed in between leaves the remaining marks for the next one.
    """
    batches: dict[int, list[DirtyScope]] = defaultdict(list)
    for scope in sorted(scopes, key=lambda each: (_is_above(each), each.pk)):
        batches[scope.period_id].append(scope)
    return sum(
        _take(batch[start : start + TOGETHER], tally)
        for _, batch in sorted(batches.items())
        for start in range(0, len(batch), TOGETHER)
    )


def _is_above(scope: DirtyScope) -> bool:
    """Whether the scope counts districts, so that they come first."""
    return scope.area.level != Level.DISTRICT


def _take(batch: list[DirtyScope], tally: Tally) -> int:
    """One batch. Where it raises, each of its scopes is tried alone: the one at fault keeps its mark with the reason

    and waits with growing delay, and the others go on.
    """
    try:
        taken, differences = recompute_scopes(batch)
    except Exception as fault:
        if len(batch) > 1:
            return sum(_take([scope], tally) for scope in batch)
        logger.exception("Recomputing %s failed.", batch[0])
        tally.faults.append(_put_off(batch[0], fault))
        return 1
    tally.scopes, tally.differences = tally.scopes + taken, tally.differences + differences
    return taken


def _put_off(scope: DirtyScope, fault: Exception) -> str:
    """Keep the mark for a later attempt; the reason as the ledger says it."""
    reason = f"{type(fault).__name__}: {fault}"[:1000]
    delay = min(FIRST_DELAY * 2 ** min(scope.failures, 16), LONGEST_DELAY)
    DirtyScope.objects.filter(pk=scope.pk).update(
        failures=scope.failures + 1, reason=reason, retry_at=timezone.now() + delay
    )
    return f"{scope.area.code} {scope.period.code}: {reason}"


@transaction.atomic
def recompute_scopes(scopes: list[DirtyScope]) -> tuple[int, int]:
    """Recompute districts or provinces of one period; how many were in hand, and rows that differed.

    A mark is removed only if nobody raised it after it was read. Nothing is done with a scope that another worker
    has in hand: it looks for new marks itself before it ends.
    """
    free = _free(scopes)
    if not free:
        return 0, 0
    areas = Ids.of(scope.area_id for scope in free)
    locked = engine.lock(engine.UNITS_IN_PERIOD, areas, period=free[0].period_id)
    above = {scope.area_id for scope in free if _is_above(scope)}
    differences = engine.recompute([folder for folder in locked if folder.area_id not in above])
    differences += engine.recompute([folder for folder in locked if folder.area_id in above])
    differences += roll_up.refresh([scope.area_id for scope in free], free[0].period)
    for marks in {scope.marks for scope in free}:
        seen = [scope.pk for scope in free if scope.marks == marks]
        DirtyScope.objects.filter(pk__in=seen, marks=marks).delete()
    if differences:
        for code in sorted({epoch_of(scope) for scope in free}):
            epochs.bump(code)
    return len(free), differences


def _free(scopes: list[DirtyScope]) -> list[DirtyScope]:
    """Scopes whose advisory lock this transaction now holds to its end; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return scopes
    _, rows = run(_TRY_LOCKS, Ids.of(scope.pk for scope in scopes))
    free = {pk for pk, is_free in rows if is_free}
    return [scope for scope in scopes if scope.pk in free]


_TRY_LOCKS = """
    SELECT id, pg_try_advisory_xact_lock(CAST(area_id AS integer), CAST(period_id AS integer))
    FROM criteria_dirtyscope WHERE id {ids}
"""


def epoch_of(scope: DirtyScope) -> str:
    """The province whose counter the scope raises: itself, or the one that this portal serves."""
    return scope.area.code if scope.area.level == Level.PROVINCE else settings.PROVINCE_CODE

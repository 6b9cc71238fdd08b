"""Recompute a period, or everything, as a job (accounts.jobs): whole units by chunks, then what stands above them.

Each chunk is one transaction that also raises the epoch where something differed, so that no reader ever sees new
rows under an old epoch or part of a unit. Districts and the province are recounted once, after all their units.
"""

import math

from django.db.models import Q, QuerySet

from accounts import jobs
from accounts.errors import Refused
from accounts.models import Job, User
from communes import epochs
from criteria import dirty, engine, ledger
from criteria.models import Assessment, DirtyScope, Period, RecomputeRun, Round

KIND = "recompute"
# A chunk holds the locks of its units, so it is short; and what a kill undoes is at most a twentieth of all.
LARGEST_CHUNK = 200
_LEAST_CHUNKS = 20


def ask(*, by: User | None, period: str = "", hint: bool = True) -> Job:
    """Queue a recompute of the period with this code, or of all; one that is queued or running already is returned.

    Refused where no round was ever opened in it: there is nothing to compute.
    """
    _periods(period)
    arguments = {"period": period}
    found = jobs.unfinished([KIND]).filter(arguments=arguments).first()
    return found or jobs.ask(kind=KIND, arguments=arguments, by=by, hint=hint)


def _periods(code: str) -> QuerySet[Period]:
    found = Period.objects.filter(rounds__isnull=False).distinct().order_by("ends_on", "pk")
    if code:
        found = found.filter(code=code)
    if not found.exists():
        which = f"Kỳ {code}" if code else "Cổng"
        raise Refused(f"{which} chưa có đợt đánh giá nào, không có gì để tính lại.", field="period", code="no_round")
    return found


@jobs.step_of(KIND)
def step(job: Job) -> bool:
    """Plan, or recompute one chunk of units, or one district or province."""
    if not job.marks:
        _plan(job)
    elif job.marks["scopes"]:
        _recompute_above(job)
    elif job.marks["periods"]:
        _recompute_chunk(job)
    if job.marks["scopes"] or job.marks["periods"]:
        return True
    run = RecomputeRun.objects.get(pk=job.marks["run"])
    counted = job.result
    ledger.finish(run, ledger.Tally(job.done, counted["differences"], counted["faults"]))
    return False


def _plan(job: Job) -> None:
    periods = [period.pk for period in _periods(job.arguments["period"])]
    job.total = sum(_units(period_id).values("area_id").distinct().count() for period_id in periods)
    run = ledger.start(RecomputeRun.Kind.FULL)
    job.result = {"run": run.pk, "differences": 0, "faults": []}
    job.marks = {"run": run.pk, "periods": periods, "after": 0, "chunk": _chunk(job.total), "scopes": []}


def _chunk(total: int) -> int:
    return max(1, min(LARGEST_CHUNK, math.ceil(total / _LEAST_CHUNKS)))


def _units(period_id: int) -> QuerySet[Assessment]:
    """Folders of the period below districts: those stand above units and come after them."""
    return Assessment.objects.filter(round__period_id=period_id).exclude(area__level__in=("district", "province"))


def _recompute_chunk(job: Job) -> None:
    """The next units of the period in the order of their ids; where none is left, mark what stands above."""
    marks, period_id = job.marks, job.marks["periods"][0]
    following = _units(period_id).filter(area_id__gt=marks["after"]).order_by("area_id")
    ids = list(following.values_list("area_id", flat=True).distinct()[: marks["chunk"]])
    if ids:
        job.result["differences"] += recompute_units(period_id, ids)
        job.done, marks["after"] = job.done + len(ids), ids[-1]
        return
    # A step of its own: marks are taken before the epoch everywhere, and a chunk has raised the epoch.
    marks["periods"], marks["after"] = marks["periods"][1:], 0
    marks["scopes"] = _mark_above(period_id)
    job.total += len(marks["scopes"])


def recompute_units(period_id: int, area_ids: list[int]) -> int:
    """Recompute all folders of the units in a transaction of the caller's; returns rows that differed."""
    condition = Q(round__period_id=period_id, area_id__in=area_ids)
    engine.lock(condition)
    differences = engine.recompute(condition)
    if differences:
        epochs.bump()
    return differences


def _mark_above(period_id: int) -> list[int]:
    """Mark districts and the province above everything assessed in the period; the marks, districts first."""
    for reading_round in Round.objects.filter(period_id=period_id).select_related("period").order_by("pk"):
        dirty.mark_round(reading_round)
    return [scope.pk for scope in ledger.in_order(DirtyScope.objects.filter(period_id=period_id))]


def _recompute_above(job: Job) -> None:
    """One district or the province; one whose mark is gone was recomputed by another worker."""
    first, *job.marks["scopes"] = job.marks["scopes"]
    tally = ledger.Tally()
    for scope in ledger.in_order(DirtyScope.objects.filter(pk=first)):
        ledger.take(scope, tally)
    job.done += 1
    job.result["differences"] += tally.differences
    job.result["faults"] += tally.faults

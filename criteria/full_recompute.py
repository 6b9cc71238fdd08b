"""Recompute a period, or everything, as a job (accounts.jobs): folders by chunks, then what stands above them.

A chunk is looked at without a lock. What differs is locked and recomputed by whole units in one transaction that also
raises the epoch, so that no reader ever sees new rows under an old epoch or part of a unit. Districts and the province
are recounted once, after all their units.
"""

import math
from collections.abc import Collection

from django.db.models import Max, Min, QuerySet

from accounts import jobs
from accounts.errors import Refused
from accounts.models import Job, User
from communes import epochs
from communes.models import Area, Level
from criteria import dirty, engine, ledger
from criteria.models import Assessment, DirtyScope, Period, RecomputeRun
from criteria.statements import Ids

KIND = "recompute"
# A chunk holds the locks of the units that differ, so it is short; a kill undoes at most a twelfth of all.
LARGEST_CHUNK = 9000
_LEAST_CHUNKS = 12


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
    """Plan, or bring one chunk of folders up to date, or mark or recount what stands above them in one period."""
    marks = job.marks
    if not marks:
        _plan(job)
    elif marks["after"] < marks["last"]:
        _recompute_chunk(job)
    elif marks["periods"]:
        # A step of its own: everywhere else marks are taken after folders are locked.
        marks["marked"], marks["periods"] = _mark_above(marks["periods"]), []
    elif marks["marked"]:
        _recount(job)
    else:
        run = RecomputeRun.objects.get(pk=marks["run"])
        ledger.finish(run, ledger.Tally(job.done, job.result["differences"], job.result["faults"]))
        return False
    return True


def _plan(job: Job) -> None:
    periods = [period.pk for period in _periods(job.arguments["period"])]
    ends = _folders(job).aggregate(first=Min("pk"), last=Max("pk"))
    after, last = (ends["first"] or 1) - 1, ends["last"] or 0
    job.total = last - after
    run = ledger.start(RecomputeRun.Kind.FULL)
    job.result = {"run": run.pk, "differences": 0, "faults": []}
    chunk = max(1, min(LARGEST_CHUNK, math.ceil(job.total / _LEAST_CHUNKS)))
    job.marks = {"run": run.pk, "after": after, "last": last, "chunk": chunk, "periods": periods, "marked": []}


def _folders(job: Job) -> QuerySet[Assessment]:
    code = job.arguments["period"]
    return Assessment.objects.filter(**({"round__period__code": code} if code else {}))


def _recompute_chunk(job: Job) -> None:
    """Look at the next folders without a lock; lock and recompute the units of those that differ."""
    marks = job.marks
    end = min(marks["after"] + marks["chunk"], marks["last"])
    found = engine.differing(Ids.between(marks["after"], end))
    if found:
        # Folders of other periods may lie between those of this one.
        found = set(_folders(job).filter(pk__in=found).values_list("pk", flat=True))
        job.result["differences"] += repair(found)
    job.done, marks["after"] = job.done + end - marks["after"], end


def repair(folder_ids: Collection[int]) -> int:
    """Recompute the whole units of these folders in a transaction of the caller's; returns rows that differed."""
    if not folder_ids:
        return 0
    locked = engine.lock(engine.UNITS_OF_FOLDERS, Ids.of(folder_ids))
    differences = engine.recompute(locked)
    if differences:
        epochs.bump()
    return differences


def _mark_above(period_ids: list[int]) -> list[list[int]]:
    """Mark all districts and provinces of the periods; the marks, a list for each period."""
    marked = []
    for period in Period.objects.filter(pk__in=period_ids).order_by("pk"):
        above = Area.objects.as_of(period.ends_on).filter(level__in=(Level.DISTRICT, Level.PROVINCE))
        dirty.mark(area_ids=above.values_list("pk", flat=True), period=period, tell=False)
        marked.append(list(DirtyScope.objects.filter(period=period).values_list("pk", flat=True)))
    return marked


def _recount(job: Job) -> None:
    """The next periods' districts and provinces; those whose mark is gone were recomputed by another worker."""
    left: list[list[int]] = job.marks["marked"]
    marked: list[int] = []
    while left and len(marked) + len(left[0]) <= max(ledger.TOGETHER, len(left[0])):
        marked += left.pop(0)
    tally = ledger.Tally()
    ledger.take(DirtyScope.objects.filter(pk__in=marked).select_related("area", "period"), tally)
    job.total, job.done = job.total + len(marked), job.done + len(marked)
    job.result["differences"] += tally.differences
    job.result["faults"] += tally.faults

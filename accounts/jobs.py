"""Background work in short steps: claimed by one worker, stopped between steps, gone on with after a kill.

A step function `(job) -> bool` does a little, sets `job.marks`, `done`, `total` and `result`, and says whether more
is left. Step and marks are one transaction, so a step counts wholly or not at all; the transaction is undone where
the claim was lost meanwhile. Any number of messages, twins and kills therefore ends the same.
"""

import datetime as dt
import logging
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import hints
from accounts.errors import Refused
from accounts.models import Job, User

Step = Callable[[Job], bool]

TASK = "accounts.tasks.work"
MAX_ATTEMPTS = 5
FIRST_DELAY = dt.timedelta(seconds=5)
# No step takes nearly as long: a worker that was silent for this time is gone.
STALE_AFTER = dt.timedelta(seconds=60)
# Then the job goes to the end of the queue, so that a long one does not hold up what people wait for.
SLICE_SECONDS = 1.0
KILLED = "Tiến trình xử lý bị ngắt giữa chừng nhiều lần."
_SWEPT_AT_ONCE = 200

logger = logging.getLogger(__name__)
stopping = threading.Event()  # set when the worker is asked to end
_steps: dict[str, Step] = {}
_before: dict[str, Callable[[Job], None]] = {}


class _ClaimLost(Exception):
    """Another worker took the job over while a step ran: the step is undone."""


def step_of(kind: str, *, before: Callable[[Job], None] | None = None) -> Callable[[Step], Step]:
    """Decorator: the function that takes the steps of jobs of this kind.

    `before` is called ahead of each step, outside its transaction: for what takes long and writes nothing to the
    database (SQLite has one writer). It may happen more than once.
    """

    def registered(step: Step) -> Step:
        _steps[kind] = step
        if before:
            _before[kind] = before
        return step

    return registered


def ask(*, kind: str, arguments: dict[str, Any], by: User | None, hint: bool = True) -> Job:
    """Queue a job; a worker is told at the commit. Without `hint` the caller does the work itself."""
    now = timezone.now()
    job = Job.objects.create(kind=kind, arguments=arguments, asked_by=by, asked_at=now, run_after=now)
    if hint:
        _hint(job.pk)
    return job


def again(job_id: int) -> bool:
    """Queue a job that has ended once more, from its marks; False where it waits or runs."""
    now = timezone.now()
    ended = Job.objects.filter(pk=job_id).exclude(state__in=Job.UNFINISHED)
    fresh = {"attempts": 0, "finished_at": None, "stop_asked": False, "claim": "", "reason": ""}
    queued = bool(ended.update(state=Job.State.QUEUED, asked_at=now, run_after=now, **fresh))
    if queued:
        _hint(job_id)
    return queued


def cancel(job_id: int) -> bool:
    """Ask a job to stop: at once where nobody works on it, else after the step in hand; False where it has ended.

    What its steps did stays. Whether the person may do this is the caller's to check.
    """
    waiting = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, finished_at=timezone.now(), stop_asked=True):
        return True
    return bool(Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(stop_asked=True))


def unfinished(kinds: Iterable[str]) -> QuerySet[Job]:
    """Jobs of these kinds that wait or run, the oldest first."""
    return Job.objects.filter(kind__in=list(kinds), state__in=Job.UNFINISHED).order_by("pk")


def late(now: dt.datetime, *, by: dt.timedelta) -> bool:
    """Whether a job that may run has been waiting for longer than `by`."""
    return _free(now - by).exists()


def sweep() -> int:
    """Send every job again that nobody works on; returns how many."""
    due = list(_free(timezone.now()).order_by("run_after", "pk").values_list("pk", flat=True)[:_SWEPT_AT_ONCE])
    for job_id in due:
        hints.send(TASK, job_id)
    return len(due)


def _hint(job_id: int) -> None:
    transaction.on_commit(partial(hints.send, TASK, job_id))


def _free(now: dt.datetime) -> QuerySet[Job]:
    """Jobs that may be taken: due, or running under a worker that has fallen silent."""
    return Job.objects.filter(
        Q(state=Job.State.QUEUED, run_after__lte=now) | Q(state=Job.State.RUNNING, heartbeat_at__lte=now - STALE_AFTER)
    )


def claim(job_id: int) -> Job | None:
    """Take a job by compare-and-set; None where it is somebody else's, not due or ended."""
    now, token = timezone.now(), secrets.token_hex(8)
    taken = (
        _free(now)
        .filter(pk=job_id)
        .update(
            state=Job.State.RUNNING,
            claim=token,
            attempts=F("attempts") + 1,
            heartbeat_at=now,
            started_at=Coalesce("started_at", now),
        )
    )
    return Job.objects.filter(pk=job_id, claim=token).first() if taken else None


def work(job_id: int, *, seconds: float = SLICE_SECONDS) -> Job | None:
    """Claim the job and take its steps for about `seconds`; the job as it then stands, None where it was not free.

    A fault puts the job off with growing delay and fails it at the fifth; a refusal (accounts.errors) fails it at
    once. Nothing is raised: other jobs go on.
    """
    job = claim(job_id)
    if job is None:
        return None
    try:
        if job.attempts > MAX_ATTEMPTS:
            _end(job, Job.State.FAILED, reason=job.reason or KILLED)
        else:
            _take_steps(job, until=time.monotonic() + seconds)
    except _ClaimLost:
        logger.info("Job %s was taken over by another worker.", job.pk)
    return Job.objects.get(pk=job_id)


def work_here(job: Job) -> Job:
    """Do the whole job in this process, each failed attempt at once again; returns it ended, or another worker's."""
    left = MAX_ATTEMPTS
    while left and not job.is_finished:
        Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(run_after=timezone.now())
        worked = work(job.pk, seconds=math.inf)
        if worked is None:
            return Job.objects.get(pk=job.pk)
        job, left = worked, left - 1
    return job


def _take_steps(job: Job, *, until: float) -> None:
    try:
        while not _stopped(job) and _step(job):
            if stopping.is_set() or time.monotonic() > until:
                _give_back(job)
                return
    except _ClaimLost:
        raise
    except (KeyboardInterrupt, SystemExit):
        _change(job, state=Job.State.QUEUED, run_after=timezone.now())
        raise
    except Refused as refused:
        _end(job, Job.State.FAILED, reason=refused.message)
    except Exception as fault:
        # Whatever it was, it must not take the worker or the other jobs with it.
        logger.exception("Job %s (%s) failed.", job.pk, job.kind)
        _put_off(job, fault)


def is_stopped(job: Job) -> bool:
    """Whether somebody asked the job to stop: a long step looks before it commits."""
    return Job.objects.filter(pk=job.pk, stop_asked=True).exists()


def _stopped(job: Job) -> bool:
    """Whether somebody asked the job to stop; it has then ended."""
    asked = is_stopped(job)
    if asked:
        _end(job, Job.State.CANCELLED)
    return asked


def _step(job: Job) -> bool:
    """One step and what it leaves behind, in one transaction; whether more is left."""
    step = _steps.get(job.kind)
    if step is None:
        raise Refused(f"Không có việc nền loại “{job.kind}”.", code="unknown_kind")
    if before := _before.get(job.kind):
        before(job)
    with transaction.atomic():
        more = step(job)
        now = timezone.now()
        job.attempts = 0
        left: dict[str, Any] = {name: getattr(job, name) for name in ("marks", "done", "total", "result", "attempts")}
        if not more:
            left |= {"state": Job.State.DONE, "finished_at": now}
        _change(job, heartbeat_at=now, reason="", **left)
    return more


def _give_back(job: Job) -> None:
    """Let others have a turn: the job waits behind them, with its marks."""
    with transaction.atomic():
        _change(job, state=Job.State.QUEUED, run_after=timezone.now())
        _hint(job.pk)


def _put_off(job: Job, fault: Exception) -> None:
    """Wait 5, 10, 20, 40 seconds before the next attempt; after the fifth the job stays failed, with its reason."""
    # Nothing is counted yet where an earlier step of this turn succeeded.
    attempts = max(1, Job.objects.values_list("attempts", flat=True).get(pk=job.pk))
    said = f"{type(fault).__name__}: {fault}"[:1000]
    if attempts >= MAX_ATTEMPTS:
        _end(job, Job.State.FAILED, reason=said)
        return
    again = timezone.now() + FIRST_DELAY * 2 ** (attempts - 1)
    _change(job, state=Job.State.QUEUED, run_after=again, reason=said, attempts=attempts)


def _end(job: Job, state: Job.State, *, reason: str = "") -> None:
    _change(job, state=state, finished_at=timezone.now(), reason=reason)


def _change(job: Job, **fields: Any) -> None:
    """Write to the job only while it is still ours."""
    if not Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING).update(**fields):
        raise _ClaimLost

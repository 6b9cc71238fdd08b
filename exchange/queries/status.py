"""How fresh the figures are, as anybody may know: the last recompute of each kind, what waits, what failed."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from accounts.models import Job
from communes import epochs
from criteria.models import DirtyScope, RecomputeRun
from exchange.models import Change

# The sweep runs every few seconds: work that is older means that no worker takes it.
LATE_AFTER = dt.timedelta(minutes=10)
_RECENT = dt.timedelta(days=7)

FRESH, WAITING, LATE, FAILING = "fresh", "waiting", "late", "failing"
WORDS = {
    FRESH: "Mọi số tổng hợp theo kịp số liệu đã duyệt",
    WAITING: "Đang tính lại các số tổng hợp",
    LATE: "Chậm: có phần chờ tính lại quá 10 phút",
    FAILING: "Có phần tính lại không được; người quản trị đã có lý do",
}


@dataclass(frozen=True)
class Status:
    """`runs` holds the last finished run of each kind, the newest first. Reasons of failures are not told."""

    state: str
    epoch: int
    changed_at: dt.datetime | None
    now: dt.datetime
    runs: list[RecomputeRun]
    waiting_scopes: int
    failing_scopes: int
    oldest_scope_at: dt.datetime | None
    waiting_jobs: int
    failed_jobs: int
    last_failure_at: dt.datetime | None

    @property
    def words(self) -> str:
        return WORDS[self.state]


def status() -> Status:
    """Five statements."""
    now = timezone.now()
    waiting = DirtyScope.objects.aggregate(
        scopes=Count("pk"), oldest=Min("marked_at"), failing=Count("pk", filter=Q(failures__gt=0))
    )
    failed = Q(state=Job.State.FAILED, finished_at__gte=now - _RECENT)
    jobs = Job.objects.filter(Q(state__in=Job.UNFINISHED) | failed).aggregate(
        waiting=Count("pk", filter=Q(state__in=Job.UNFINISHED)),
        failed=Count("pk", filter=failed),
        last=Max("finished_at", filter=failed),
    )
    return Status(
        state=_state(now, **waiting),
        epoch=epochs.current(),
        changed_at=changed_at(),
        now=now,
        runs=_last_runs(),
        waiting_scopes=waiting["scopes"],
        failing_scopes=waiting["failing"],
        oldest_scope_at=waiting["oldest"],
        waiting_jobs=jobs["waiting"],
        failed_jobs=jobs["failed"],
        last_failure_at=jobs["last"],
    )


def changed_at() -> dt.datetime | None:
    """When anything public last changed, by the feed: one statement. None where nothing is in it."""
    return Change.objects.order_by("-seq").values_list("at", flat=True).first()


def _last_runs() -> list[RecomputeRun]:
    last = RecomputeRun.objects.filter(finished_at__isnull=False).order_by().values("kind").annotate(last=Max("pk"))
    return list(RecomputeRun.objects.filter(pk__in=last.values("last")).order_by("-finished_at"))


def _state(now: dt.datetime, *, scopes: int, oldest: dt.datetime | None, failing: int) -> str:
    if failing:
        return FAILING
    if oldest and oldest < now - LATE_AFTER:
        return LATE
    return WAITING if scopes else FRESH

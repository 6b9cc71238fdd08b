"""Is the process alive (`/healthz`), is the portal ready to serve (`/readyz`). Neither tells versions or addresses."""

from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import jobs
from communes.models import Area, Level
from criteria.models import Assessment, CriteriaSet, DirtyScope, RecomputeRun
from reports.seed.steps import is_loaded as seed_is_loaded

# The sweep runs every few seconds: work older than this means that no worker takes it.
STALE_AFTER = timedelta(minutes=10)
REDIS_TIMEOUT_SECONDS = 1
POISONED_AFTER = 5

READY, DEGRADED, NOT_READY = "ready", "degraded", "not ready"
_migrated: set[str] = set()


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nothing else."""
    return JsonResponse({"status": "alive"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 `ready` or `degraded` (works, but something is gone), 503 `not ready`; with the reasons."""
    if missing := _missing():
        return JsonResponse({"status": NOT_READY, "reasons": missing}, status=503)
    faults = _faults()
    return JsonResponse({"status": DEGRADED if faults else READY, "reasons": faults})


def _missing() -> list[str]:
    """What the portal cannot serve without, the first that is missing only: the later ones need it."""
    try:
        for reason, holds in NEEDED:
            if not holds():
                return [reason]
    except DatabaseError:
        return ["the database does not answer"]
    return []


def _migrations_applied() -> bool:
    """Looked up until true: nothing takes a migration back under a running process."""
    if connection.alias not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(connection.alias)
    return True


def _territory_loaded() -> bool:
    return Area.objects.filter(code=settings.PROVINCE_CODE, level=Level.PROVINCE).exists()


def _seed_loaded() -> bool:
    """The embedded profile shows the seed; a server starts without it."""
    return settings.IS_SERVER or seed_is_loaded()


def _recomputed() -> bool:
    """Where there is something to compute, it has been computed once."""
    return RecomputeRun.objects.exclude(finished_at=None).exists() or not Assessment.objects.exists()


NEEDED: list[tuple[str, Callable[[], bool]]] = [
    ("migrations are not applied", _migrations_applied),
    ("the territory is not loaded", _territory_loaded),
    ("the law is not loaded", lambda: CriteriaSet.objects.exists()),
    ("the seed data is not loaded", _seed_loaded),
    ("the first recompute has not finished", _recomputed),
]


def _faults() -> list[str]:
    faults = []
    if settings.REDIS_URL and not _redis_answers():
        faults.append("Redis does not answer: background work waits")
    if DirtyScope.objects.filter(marked_at__lt=timezone.now() - STALE_AFTER, failures=0).exists():
        faults.append("recomputing is late: no worker takes the work")
    if failing := DirtyScope.objects.filter(failures__gte=POISONED_AFTER).count():
        faults.append(f"recomputing fails again and again for {failing} units: the reasons are in the ledger")
    if jobs.late(timezone.now(), by=STALE_AFTER):
        faults.append("background jobs are late: no worker takes them")
    return faults


def _redis_answers() -> bool:
    timeout = REDIS_TIMEOUT_SECONDS
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=timeout, socket_connect_timeout=timeout
        ) as connection:
            return bool(connection.ping())
    except redis.RedisError:
        return False

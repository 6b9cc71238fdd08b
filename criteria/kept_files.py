"""Kept files against the rows that tell of them: compared by night, and what no row tells of removed by the hour."""

import logging
from collections.abc import Iterable

from accounts import jobs
from accounts.models import Job
from criteria.models import StoredFile
from files import storage

KIND = "files"
# One step holds the database's write lock on SQLite: it reads no more than this.
STEP_BYTES = 32 << 20
_AT_ONCE = 200

log = logging.getLogger(__name__)


def ask() -> Job:
    """Queue a comparison of every kept file with its checksum; one that is under way is returned."""
    return jobs.unfinished([KIND]).first() or jobs.ask(kind=KIND, arguments={}, by=None)


@jobs.step_of(KIND)
def step(job: Job) -> bool:
    """Compare the next files; what is missing or altered is logged and listed in the job's result."""
    files = _next(job.marks.get("after", 0))
    if not files:
        return False
    faults = damaged(files)
    for fault in faults:
        log.error("%s", fault)
    job.marks = {"after": files[-1].pk}
    job.done += len(files)
    job.total = max(job.total or StoredFile.objects.count(), job.done)
    job.result = {"damaged": job.result.get("damaged", []) + faults}
    return True


def damaged(files: Iterable[StoredFile]) -> list[str]:
    """A line for each kept file that is missing or no longer what it was."""
    return [
        f"file {file.pk} ({file.shown_name}): missing or altered on the disk"
        for file in files
        if not storage.is_whole(file.name, file.sha256)
    ]


def all_damaged() -> list[str]:
    """The same of every kept file, in this process."""
    return damaged(StoredFile.objects.order_by("pk").iterator(_AT_ONCE))


def collect() -> int:
    """Remove files that were abandoned while being received, and kept ones that no row tells of; returns how many."""
    return storage.collect(_known)


def _known(names: Iterable[str]) -> set[str]:
    return set(StoredFile.objects.filter(name__in=list(names)).values_list("name", flat=True))


def _next(after: int) -> list[StoredFile]:
    """The files that one step compares: at least one, where there is any left."""
    files, size = [], 0
    for file in StoredFile.objects.filter(pk__gt=after).order_by("pk")[:_AT_ONCE]:
        size += file.size
        if files and size > STEP_BYTES:
            break
        files.append(file)
    return files

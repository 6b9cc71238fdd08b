"""Celery tasks: thin. What they do may run any number of times with the same end.

Importing the modules of this app's jobs here makes their kinds known to every worker.
"""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from accounts import hints
from criteria import dirty, full_recompute, kept_files, ledger, verification
from criteria.actions import law_changes

JOBS = (full_recompute.KIND, law_changes.KIND, kept_files.KIND)


@shared_task
def recompute_dirty() -> None:
    """Recompute districts and the province from dirty rows; sent as a hint at an approval's commit."""
    ledger.recompute_dirty()


@shared_task
def nightly_verify() -> int:
    """Verify the whole province against the raw readings; returns the number of faults, kept in the ledger.

    Shares count decisions up to today: districts and the province are recounted first, for a new day. Kept files
    are compared in a job of their own: they take as long as they are many.
    """
    kept_files.ask()
    dirty.mark_open()
    ledger.recompute_dirty()
    _, faults = verification.verify_all()
    return len(faults)


@shared_task
def collect_files() -> int:
    """Remove uploaded files that nothing refers to; returns how many."""
    return kept_files.collect()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """What was marked while no worker ran does not wait for the timer."""
    hints.send(recompute_dirty.name)

"""Celery tasks: thin. What they do may run any number of times with the same end.

Importing the modules of this app's jobs here makes their kinds known to every worker.
"""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from accounts import hints, idempotency
from criteria import dirty, full_recompute, ledger, stored_files, verification
from criteria.actions import imports, law_changes
from criteria.workbooks import cleaning

logger = logging.getLogger(__name__)
JOBS = (full_recompute.KIND, law_changes.KIND, imports.READ, imports.APPLY)


@shared_task
def recompute_dirty() -> None:
    """Recompute districts and the province from dirty rows; sent as a hint at an approval's commit."""
    ledger.recompute_dirty()


@shared_task
def nightly_verify() -> int:
    """Verify the whole province against the raw readings; returns the number of faults, kept in the ledger.

    Shares count decisions up to today: districts and the province are recounted first, for a new day.
    """
    dirty.mark_open()
    ledger.recompute_dirty()
    _, faults = verification.verify_all()
    for fault in faults:
        logger.error("Verification: %s", fault)
    return len(faults)


@shared_task
def collect_files() -> int:
    """Take away uploads that were cut and files that nothing refers to; returns how many."""
    return stored_files.collect()


@shared_task
def clean_imports() -> int:
    """Give up tables that nobody confirmed; take away files of those that ended long ago and uploads that were cut,
    and answers that were kept for repeated requests. Returns how many files went.
    """
    imports.expire()
    idempotency.forget_old()
    return cleaning.clean()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """What was marked while no worker ran does not wait for the timer."""
    hints.send(recompute_dirty.name)

"""Celery tasks: thin. What they do may run any number of times with the same end."""

from celery import shared_task

from criteria import ledger


@shared_task
def recompute_dirty() -> None:
    """Recompute districts and the province from dirty rows; sent as a hint at each approval's commit."""
    ledger.recompute_dirty()


@shared_task
def nightly_verify() -> int:
    """Verify the whole province against the raw readings; returns the number of faults, kept in the ledger."""
    _, faults = ledger.verify_all()
    return len(faults)

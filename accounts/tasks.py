"""Celery tasks: thin. The jobs themselves are rows (accounts.jobs)."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from accounts import hints, jobs


@shared_task
def work(job_id: int) -> None:
    """Take steps of one job; nothing where another worker has it or it has ended."""
    jobs.work(job_id)


@shared_task
def sweep_jobs() -> int:
    """Send unfinished jobs again whose message was lost or whose worker was killed."""
    return jobs.sweep()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """What was left unfinished does not wait for the timer."""
    hints.send(sweep_jobs.name)


@worker_shutting_down.connect
def stop_between_steps(**_: Any) -> None:
    """The job in hand is given back after its step."""
    jobs.stopping.set()

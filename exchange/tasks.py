"""Celery tasks: thin. The work is in rows (exchange.delivering)."""

from celery import shared_task

from exchange import delivering
from exchange.actions import retention


@shared_task
def sweep_webhooks() -> int:
    """Wake what has something to send."""
    return delivering.sweep()


@shared_task
def prune() -> int:
    """Give up changes and deliveries that are older than the portal keeps."""
    return retention.prune_changes() + retention.prune_deliveries()

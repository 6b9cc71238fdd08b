"""Celery tasks: thin."""

import logging

from celery import shared_task

from ocop import standing

logger = logging.getLogger(__name__)


@shared_task
def nightly_verify() -> int:
    """Compare the stored standing of products with their ratings; returns the number of faults, each in the log."""
    found = list(standing.faults())
    for fault in found:
        logger.error("Verification: %s", fault)
    return len(found)

"""Hints to workers that there is work. Nothing depends on one arriving: the sweeps find the work in the database."""

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def send(task: str, *arguments: Any) -> None:
    """Send `task` to a worker; a broker that is gone is logged and costs nothing else."""
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OSError, OperationalError):
        logger.warning("The broker did not take the hint; the sweep will find the work.")

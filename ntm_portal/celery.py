"""The Celery application. Every task also runs from the schedule: a lost message changes nothing."""

import gc
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

from ntm_portal import slow_statements
from ntm_portal.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ntm_portal.settings")

app = Celery("ntm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()

# The filesystem transport does not make its folders.
for _name, _value in (app.conf.broker_transport_options or {}).items():
    if "folder" in _name:
        Path(_value).mkdir(parents=True, exist_ok=True)


@worker_init.connect
def settle(**_: Any) -> None:
    """As the web process does (ntm_portal.wsgi): statements have a limit; what was loaded by now stays."""
    slow_statements.limit(settings.JOB_STATEMENT_SECONDS)
    gc.freeze()

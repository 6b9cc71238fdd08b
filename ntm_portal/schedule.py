"""When Celery beat runs what. The sweep finds work whose hint was lost."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "sweep": {"task": "criteria.tasks.recompute_dirty", "schedule": 20.0},
    "nightly-verify": {"task": "criteria.tasks.nightly_verify", "schedule": crontab(hour=1, minute=30)},
}

"""When Celery beat runs what. The sweep finds work whose hint was lost."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    # A sweep that waited for a busy worker until the next one is of no use.
    "sweep": {"task": "criteria.tasks.recompute_dirty", "schedule": 20.0, "options": {"expires": 20}},
    "sweep-jobs": {"task": "accounts.tasks.sweep_jobs", "schedule": 20.0, "options": {"expires": 20}},
    "sweep-webhooks": {"task": "exchange.tasks.sweep_webhooks", "schedule": 10.0, "options": {"expires": 10}},
    "nightly-verify": {"task": "criteria.tasks.nightly_verify", "schedule": crontab(hour=1, minute=30)},
    "nightly-verify-ocop": {"task": "ocop.tasks.nightly_verify", "schedule": crontab(hour=1, minute=40)},
    "clean-imports": {"task": "criteria.tasks.clean_imports", "schedule": crontab(hour=2, minute=20)},
    "prune-exchange": {"task": "exchange.tasks.prune", "schedule": crontab(hour=2, minute=40)},
    "collect-files": {"task": "criteria.tasks.collect_files", "schedule": crontab(minute=50)},
}

"""The project: settings, addresses, schedule. Imports every app; no app imports it."""

from ntm_portal.celery import app as celery_app

__all__ = ["celery_app"]

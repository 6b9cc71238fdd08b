"""WSGI entry point."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ntm_portal import slow_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ntm_portal.settings")
application = get_wsgi_application()
slow_statements.limit(settings.WEB_STATEMENT_SECONDS)

# What was loaded by now stays: looking at it again and again would cost a large table or page a third of its time.
gc.freeze()

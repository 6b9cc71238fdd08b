"""All addresses. Pages are Vietnamese without diacritics; the API is English."""

import logging
from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from ntm_portal import health

# The apps whose pages stand at the root, in the order in which their addresses are tried.
PAGES = ("accounts", "reports", "criteria")


def _pages() -> list[URLResolver]:
    """While the founding apps are being written at once: an app that cannot be imported yet is left out, aloud."""
    found = []
    for name in PAGES:
        try:
            import_module(f"{name}.urls")
        except ImportError as missing:
            logging.getLogger(__name__).error("addresses of %s are left out: %s", name, missing)
        else:
            found.append(path("", include(f"{name}.urls")))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", include("ntm_portal.api")),
    *_pages(),
]

handler403 = "ntm_portal.errors.forbidden"
handler404 = "ntm_portal.errors.not_found"
handler500 = "ntm_portal.errors.server_error"

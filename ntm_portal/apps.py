"""App registration: checks of the project as a whole, and which static files are collected."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalConfig(AppConfig):
    default = True  # there is a second configuration below
    name = "ntm_portal"
    verbose_name = "cổng nông thôn mới"

    def ready(self) -> None:
        # The checks look at models, which exist only now.
        import_module("ntm_portal.checks")


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leaves out what no page of ours shows: collecting and compressing it would double the first start."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework"]

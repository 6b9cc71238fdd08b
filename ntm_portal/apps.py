"""App registration: commands and checks of the project as a whole."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "ntm_portal"
    verbose_name = "cổng nông thôn mới"

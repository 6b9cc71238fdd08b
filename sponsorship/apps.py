"""App registration."""

from importlib import import_module

from django.apps import AppConfig


class SponsorshipConfig(AppConfig):
    name = "sponsorship"
    verbose_name = "đỡ đầu, tài trợ"

    def ready(self) -> None:
        # Makes the register known to whoever reads the tables that are sent to it.
        import_module("sponsorship.actions.imports")

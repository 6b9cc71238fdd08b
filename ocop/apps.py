"""App registration."""

from importlib import import_module

from django.apps import AppConfig


class OcopConfig(AppConfig):
    name = "ocop"
    verbose_name = "OCOP"

    def ready(self) -> None:
        # Makes the register known to whoever reads the tables that are sent to it.
        import_module("ocop.actions.imports")

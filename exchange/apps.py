"""The app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = "Trao đổi dữ liệu"

    def ready(self) -> None:
        triggers = import_module("exchange.triggers")
        pre_migrate.connect(triggers.before_migrating, sender=self, dispatch_uid="exchange.triggers.before")
        post_migrate.connect(triggers.after_migrating, sender=self, dispatch_uid="exchange.triggers.after")

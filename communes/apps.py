"""App registration."""

from django.apps import AppConfig


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = "địa giới"

"""`make run`: the embedded portal in one terminal."""

from typing import Any

from django.core.management.base import BaseCommand

from ntm_portal import serve


class Command(BaseCommand):
    help = "Set the embedded portal up (database, law, seed, static files), start its worker and serve it."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        serve.main()

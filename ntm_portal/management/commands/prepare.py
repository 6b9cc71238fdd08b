"""What a server does before its processes start, at the first and at every later deployment."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS = ("migrate", "load_territory", "load_law", "load_ocop", "recompute")


class Command(BaseCommand):
    help = "Migrate, load territory and law, recompute what is stale. No demo data. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in STEPS:
            self.stdout.write(f"prepare: {name}")
            call_command(name, stdout=self.stdout)

"""Remove uploaded files that nothing refers to."""

from django.core.management.base import BaseCommand

from criteria import kept_files


class Command(BaseCommand):
    help = "Remove files that were abandoned while being received, or that no row tells of, an hour old or more."

    def handle(self, *args, **options):
        self.stdout.write(f"{kept_files.collect()} files removed.")

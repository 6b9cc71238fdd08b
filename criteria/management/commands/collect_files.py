"""Take away files that nothing refers to."""

from django.core.management.base import BaseCommand

from criteria import stored_files


class Command(BaseCommand):
    help = "Remove uploads that were cut and stored files that no row refers to, once they are an hour old."

    def handle(self, *args, **options):
        self.stdout.write(f"{stored_files.collect()} files removed.")

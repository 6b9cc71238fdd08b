"""`manage.py verify_ocop`: prove that the stored standing of products equals their ratings."""

from django.core.management.base import BaseCommand, CommandError

from ocop.standing import faults


class Command(BaseCommand):
    help = "Compare the certificate that each product points at with its ratings; changes nothing."

    def handle(self, *args, **options):
        found = list(faults())
        for fault in found[:50]:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults.")
        self.stdout.write("No faults.")

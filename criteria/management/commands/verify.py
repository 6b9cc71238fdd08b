"""Prove that stored attainment equals the facts."""

from django.core.management.base import BaseCommand, CommandError

from criteria import ledger


class Command(BaseCommand):
    help = "Compare stored attainment with approved readings and pinned thresholds; changes nothing."

    def handle(self, *args, **options):
        run, faults = ledger.verify_all()
        for fault in faults[:50]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults (run {run.pk}).")
        self.stdout.write(f"No faults (run {run.pk}).")

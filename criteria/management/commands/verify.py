"""Prove that stored attainment equals the facts."""

from django.core.management.base import BaseCommand, CommandError

from criteria import verification


class Command(BaseCommand):
    help = "Compare stored attainment with approved readings and pinned thresholds; changes nothing."

    def handle(self, *args, **options):
        run, faults = verification.verify_all()
        for fault in faults[:50]:
            self.stderr.write(fault)
        seconds = run.duration.total_seconds() if run.duration else 0
        told = f"(run {run.pk}, {seconds:.1f} s)."
        if faults:
            raise CommandError(f"{len(faults)} faults {told}")
        self.stdout.write(f"No faults {told}")

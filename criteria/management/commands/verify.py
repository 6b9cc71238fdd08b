"""Prove that stored attainment equals the facts, and that kept files are what they were."""

from django.core.management.base import BaseCommand, CommandError

from criteria import kept_files, verification


class Command(BaseCommand):
    help = "Compare stored attainment with approved readings, and kept files with their checksums; changes nothing."

    def handle(self, *args, **options):
        run, faults = verification.verify_all()
        faults = faults + kept_files.all_damaged()
        for fault in faults[:50]:
            self.stderr.write(fault)
        seconds = run.duration.total_seconds() if run.duration else 0
        told = f"(run {run.pk}, {seconds:.1f} s)."
        if faults:
            raise CommandError(f"{len(faults)} faults {told}")
        self.stdout.write(f"No faults {told}")

"""`manage.py load_ocop`: check the OCOP rulebooks and load what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from criteria.law_loading import LawRefused
from ocop.loading import load
from ocop.rules.rulesets import SETS


class Command(BaseCommand):
    help = "Checks all OCOP rulebooks, then loads those that are new or changed. A wrong file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--dir", type=Path, default=SETS, help="folder of *.yaml (default: the repository's)")

    def handle(self, *args, **options):
        directory = options["dir"]
        if not any(directory.glob("*.yaml")):
            raise CommandError(f"No rulebook (*.yaml) in {directory}.")
        try:
            outcomes = load(directory)
        except LawRefused as refused:
            for fault in refused.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{len(refused.faults)} fault(s); nothing was changed.") from refused
        if options["verbosity"]:
            self.report(outcomes)

    def report(self, outcomes):
        for name, state in outcomes.items():
            self.stdout.write(f"{name}: {state}")

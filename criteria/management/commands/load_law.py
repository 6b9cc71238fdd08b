"""`manage.py load_law`: check the rulebooks and load what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from criteria.law_loading import SETS, LawRefused, load


class Command(BaseCommand):
    help = "Checks all rulebooks, then loads those that are new or changed. A wrong file changes nothing."

    sets = SETS

    def load(self, directory):
        """What became of each rulebook, a line each. Raises LawRefused."""
        return [f"{outcome.slug} v{outcome.version}: {outcome.state}" for outcome in load(directory)]

    def add_arguments(self, parser):
        parser.add_argument("--dir", type=Path, default=self.sets, help="folder of *.yaml (default: the repository's)")

    def handle(self, *args, **options):
        directory = options["dir"]
        if not any(directory.glob("*.yaml")):
            raise CommandError(f"No rulebook (*.yaml) in {directory}.")
        try:
            outcomes = self.load(directory)
        except LawRefused as refused:
            for fault in refused.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{len(refused.faults)} fault(s); nothing was changed.") from refused
        if options["verbosity"]:
            for outcome in outcomes:
                self.stdout.write(outcome)

"""`manage.py load_ocop`: check the OCOP rulebooks and load what changed."""

from criteria.management.commands import load_law
from ocop.loading import load
from ocop.rules.rulesets import SETS


class Command(load_law.Command):
    help = "Checks all OCOP rulebooks, then loads those that are new or changed. A wrong file changes nothing."
    sets = SETS

    def load(self, directory):
        return [f"{name}: {state}" for name, state in load(directory).items()]

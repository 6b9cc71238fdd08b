"""Loads the registers of units and their changes; safe to run again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communes import loading
from communes.registers import WrongRow


class Command(BaseCommand):
    help = "Load the units of the province, their parents and their changes from the register files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=loading.UNITS, help="another folder of register files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = loading.load(options["folder"])
        except WrongRow as wrong:
            raise CommandError(f"{wrong}; nothing was changed") from wrong
        if options["verbosity"]:
            self.stdout.write(
                f"territory: {done.units} units, {done.placements} placements, {done.changes} changes"
                f" ({done.created} created, {done.updated} updated, {done.deleted} deleted)"
            )

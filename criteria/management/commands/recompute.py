"""Recompute what is marked as stale, or everything."""

from django.core.management.base import BaseCommand

from criteria import dirty, ledger
from criteria.models import Round


class Command(BaseCommand):
    help = "Recompute districts and the province from dirty rows; --all marks every open round first."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="mark every round as stale first")

    def handle(self, *args, **options):
        if options["all"]:
            for reading_round in Round.objects.select_related("period"):
                dirty.mark_round(reading_round)
        run = ledger.recompute_dirty()
        self.stdout.write(f"{run.scopes} scopes, {run.differences} differences." if run else "Nothing was stale.")

"""Fill an empty portal with the figures of 2023 and 2024: real ones as records, the rest generated and marked."""

import os

from django.core.management.base import BaseCommand, CommandError

from accounts.demo import ensure_demo_accounts
from reports.seed import files
from reports.seed.areas import UnknownArea
from reports.seed.loading import NotReady, loaded_steps, run
from reports.seed.steps import STEPS


class Command(BaseCommand):
    help = "Load the seed data of 2023/2024 (territory and law first). A second run writes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo-accounts",
            action="store_true",
            help="also create the demo accounts; their password is taken from DEMO_PASSWORD",
        )

    def handle(self, *args, **options):
        try:
            if options["demo_accounts"]:
                self._demo_accounts()
            written = self._load()
        except (NotReady, UnknownArea) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("seed: loaded" if written else "seed: already loaded, nothing written")
        if set(loaded_steps().values()) - {files.checksum()}:
            self.stdout.write(
                "seed: parts come from an older version of the data; start with an empty DATA_DIR to renew"
            )

    def _demo_accounts(self) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD: the demo accounts get it as their password.")
        self.stdout.write(f"seed: demo accounts: {ensure_demo_accounts(password)} created")

    def _load(self) -> bool:
        written = False
        for done in run(STEPS):
            if done.rows is not None:
                written = True
                self.stdout.write(f"seed: {done.name}: {done.rows} rows in {done.seconds:.1f} s")
        return written

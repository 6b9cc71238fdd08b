"""Fill an empty portal with the figures of 2023 and 2024: real ones as records, the rest generated and marked."""

from django.core.management.base import BaseCommand, CommandError

from reports.seed import files
from reports.seed.areas import UnknownArea
from reports.seed.loading import loaded_steps, run
from reports.seed.steps import STEPS


class Command(BaseCommand):
    help = "Load the seed data of 2023/2024 (territory and law first). A second run writes nothing."

    def handle(self, *args, **options):
        try:
            written = self._load()
        except UnknownArea as error:
            raise CommandError(str(error)) from error
        self.stdout.write("seed: loaded" if written else "seed: already loaded, nothing written")
        if set(loaded_steps().values()) - {files.checksum()}:
            self.stdout.write(
                "seed: parts come from an older version of the data; start with an empty DATA_DIR to renew"
            )

    def _load(self) -> bool:
        written = False
        for done in run(STEPS):
            if done.rows is not None:
                written = True
                self.stdout.write(f"seed: {done.name}: {done.rows} rows in {done.seconds:.1f} s")
        return written

"""Recompute what is marked as stale, a period, or everything."""

import time

from django.core.management.base import BaseCommand, CommandError

from accounts import jobs
from accounts.errors import Refused
from accounts.models import Job
from criteria import full_recompute, ledger
from criteria.models import RecomputeRun

_LOOK_AGAIN_SECONDS = 1


class Command(BaseCommand):
    help = "Recompute districts and the province from dirty rows; --all or --period also every unit, by chunks."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="every unit of every period, resumed after a kill")
        parser.add_argument("--period", default="", metavar="CODE", help="every unit of one period: 2024")

    def handle(self, *args, **options):
        if options["all"] and options["period"]:
            raise CommandError("Give --all or --period, not both.")
        if options["all"] or options["period"]:
            self._recompute_all(options["period"])
        run = ledger.recompute_dirty()
        self._tell(run)

    def _recompute_all(self, period: str) -> None:
        try:
            job = full_recompute.ask(by=None, period=period, hint=False)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        if job.done:
            self.stdout.write(f"Going on with job {job.pk}: {job.done} of {job.total} done.")
        job = self._until_ended(job)
        if job.state != Job.State.DONE:
            raise CommandError(f"Job {job.pk} {job.state}: {job.reason}")
        self._tell(RecomputeRun.objects.get(pk=job.result["run"]))

    def _until_ended(self, job: Job) -> Job:
        """Do the job here, or wait for the worker that has it: it may have been killed a moment ago."""
        while not (job := jobs.work_here(job)).is_finished:
            self.stdout.write(f"A worker has job {job.pk}: {job.done} of {job.total} done.")
            time.sleep(_LOOK_AGAIN_SECONDS)
        return job

    def _tell(self, run: RecomputeRun | None) -> None:
        if run is None:
            self.stdout.write("Nothing was stale.")
            return
        seconds = run.duration.total_seconds() if run.duration else 0
        self.stdout.write(f"{run.scopes} scopes, {run.differences} differences, {seconds:.1f} s (run {run.pk}).")
        for fault in run.faults:
            self.stderr.write(fault)
        if run.failures:
            raise CommandError(f"{run.failures} scopes failed; they are tried again.")

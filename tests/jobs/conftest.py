"""Jobs of kinds that exist in tests only, and messages to workers that are only written down."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import hints, jobs
from accounts.models import Job
from tests.proof.conftest import served

__all__ = ["served"]


@pytest.fixture(autouse=True)
def told(monkeypatch) -> list[tuple]:
    """What workers were told: no message leaves a test."""
    sent: list[tuple] = []
    monkeypatch.setattr(hints, "send", lambda task, *arguments: sent.append((task, *arguments)))
    return sent


@pytest.fixture
def kind(monkeypatch):
    """`kind("count", step)`: a kind of job that takes `step`."""

    def register(name: str, step: jobs.Step) -> str:
        monkeypatch.setitem(jobs._steps, name, step)
        return name

    return register


@pytest.fixture
def counting(kind):
    """A job of five steps; each adds its number to the result."""

    def step(job: Job) -> bool:
        job.total = job.arguments.get("steps", 5)
        job.marks = {"at": job.marks.get("at", 0) + 1}
        job.result = {"seen": [*job.result.get("seen", []), job.marks["at"]]}
        job.done = job.marks["at"]
        return job.done < job.total

    return kind("count", step)


@pytest.fixture
def asked(db):
    """`asked(kind, **arguments)`: a queued job."""

    def queue(kind: str, **arguments) -> Job:
        return jobs.ask(kind=kind, arguments=arguments, by=None)

    return queue


@pytest.fixture
def later():
    """`later(job, minutes=5)`: the job as it is when that time has passed."""

    def pass_time(job: Job, **time) -> None:
        stored, back = Job.objects.get(pk=job.pk), dt.timedelta(**time)
        beat = stored.heartbeat_at and stored.heartbeat_at - back
        Job.objects.filter(pk=job.pk).update(run_after=min(stored.run_after, timezone.now()) - back, heartbeat_at=beat)

    return pass_time


@pytest.fixture
def due():
    """`due(job)`: its delay is over."""

    def make(job: Job) -> None:
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())

    return make

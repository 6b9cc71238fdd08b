"""Background work survives kills, twins, poison and a broker that is gone, and ends the same."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts import hints, jobs
from accounts.errors import Refused
from accounts.models import Job
from accounts.tasks import sweep_jobs, work

DONE, FAILED, QUEUED, RUNNING, CANCELLED = (
    Job.State.DONE,
    Job.State.FAILED,
    Job.State.QUEUED,
    Job.State.RUNNING,
    Job.State.CANCELLED,
)


class Killed(BaseException):
    """The process ends in the middle: nothing after this line runs."""


def test_a_job_is_done_in_steps_and_says_how_far_it_is(asked, counting):
    job = jobs.work(asked(counting).pk, seconds=60)
    assert (job.state, job.done, job.total, job.result) == (DONE, 5, 5, {"seen": [1, 2, 3, 4, 5]})
    assert job.started_at <= job.heartbeat_at <= job.finished_at


def test_a_worker_is_told_at_the_commit_and_not_before(
    told, counting, django_capture_on_commit_callbacks, province_officer
):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.ask(kind=counting, arguments={}, by=province_officer)
        assert told == []
    assert told == [(jobs.TASK, job.pk)]
    assert job.asked_by == province_officer


def test_the_same_message_any_number_of_times_ends_the_same(asked, counting):
    job = asked(counting)
    for _ in range(5):
        work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (DONE, {"seen": [1, 2, 3, 4, 5]})


def test_a_claimed_job_is_nobody_elses(asked, counting):
    job = asked(counting)
    assert jobs.claim(job.pk)
    assert jobs.claim(job.pk) is None
    assert jobs.work(job.pk) is None


def test_a_long_job_goes_to_the_end_of_the_queue_after_its_turn(
    asked, counting, told, django_capture_on_commit_callbacks
):
    job = asked(counting)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.work(job.pk, seconds=0).state == QUEUED
    assert told == [(jobs.TASK, job.pk)]
    job.refresh_from_db()
    assert (job.done, job.attempts) == (1, 0)
    assert jobs.work(job.pk, seconds=60).result == {"seen": [1, 2, 3, 4, 5]}


def test_a_worker_that_is_asked_to_end_gives_the_job_back_after_its_step(asked, counting):
    job = asked(counting)
    jobs.stopping.set()
    try:
        assert jobs.work(job.pk, seconds=60).done == 1
    finally:
        jobs.stopping.clear()
    assert jobs.work(job.pk, seconds=60).state == DONE


@pytest.mark.parametrize("fatal", [1, 2, 3, 4, 5])
def test_a_job_killed_in_any_step_goes_on_from_its_mark(asked, kind, counting, later, fatal):
    steps, left = [], [fatal]

    def dying(job: Job) -> bool:
        more = jobs._steps[counting](job)
        steps.append(job.done)
        if left and job.done == left[0]:
            left.clear()
            raise Killed
        return more

    job = asked(kind("dying", dying))
    with pytest.raises(Killed):
        jobs.work(job.pk, seconds=60)
    assert Job.objects.get(pk=job.pk).state == RUNNING
    assert jobs.work(job.pk) is None
    later(job, minutes=2)
    assert jobs.work(job.pk, seconds=60).result == {"seen": [1, 2, 3, 4, 5]}
    assert len(steps) == 6  # only the step in hand is done again


def test_a_twin_that_lost_its_claim_leaves_nothing_behind(asked, kind, counting, later, monkeypatch):
    """A worker thought dead wakes up after another did the job: its step is undone."""
    twin, not_stopped = [], jobs._stopped

    def asleep(job: Job) -> bool:
        if not twin:
            twin.append(job.claim)
            later(job, minutes=2)
            assert jobs.work(job.pk, seconds=60).state == DONE
        return not_stopped(job)

    monkeypatch.setattr(jobs, "_stopped", asleep)
    job = jobs.work(asked(counting).pk, seconds=60)
    assert (job.state, job.result) == (DONE, {"seen": [1, 2, 3, 4, 5]})
    assert job.claim != twin[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_do_the_job_once(asked, kind, counting):
    steps = []

    def slow(job: Job) -> bool:
        steps.append(threading.get_ident())
        time.sleep(0.02)
        return jobs._steps[counting](job)

    job, ready = asked(kind("slow", slow)), threading.Barrier(4)

    def worker() -> None:
        ready.wait()
        try:
            jobs.work(job.pk, seconds=60)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    job.refresh_from_db()
    assert (job.state, job.result) == (DONE, {"seen": [1, 2, 3, 4, 5]})
    assert (len(steps), len(set(steps))) == (5, 1)


def test_poison_is_tried_five_times_with_growing_delay_then_kept_with_its_reason(asked, kind, due):
    tries = []

    def poison(job: Job) -> bool:
        tries.append(job.pk)
        raise ValueError("no such column")

    job = asked(kind("poison", poison))
    delays = []
    for _ in range(7):
        due(job)
        if worked := jobs.work(job.pk):
            delays.append((worked.run_after - worked.heartbeat_at).total_seconds())
    job.refresh_from_db()
    assert (job.state, len(tries), job.reason) == (FAILED, 5, "ValueError: no such column")
    assert [round(delay) for delay in delays[:4]] == [5, 10, 20, 40]


def test_the_others_go_on_beside_poison(asked, kind, counting):
    def poison(job: Job) -> bool:
        raise ValueError

    bad, good = asked(kind("poison", poison)), asked(counting)
    for job in (bad, good):
        work(job.pk)
    assert [Job.objects.get(pk=each.pk).state for each in (bad, good)] == [QUEUED, DONE]


def test_poison_that_kills_the_worker_is_parked_too(asked, kind, later):
    def deadly(job: Job) -> bool:
        raise Killed

    job = asked(kind("deadly", deadly))
    for _ in range(jobs.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            jobs.work(job.pk)
        later(job, minutes=2)
    parked = jobs.work(job.pk)
    assert (parked.state, parked.reason) == (FAILED, jobs.KILLED)


def test_a_step_that_succeeds_forgives_the_faults_before_it(asked, kind, counting, due):
    faults = [1, 2, 3, 4] * 2

    def shaky(job: Job) -> bool:
        if faults and len(faults) != 4:
            faults.pop()
            raise ValueError
        if faults:
            faults.pop()
        return jobs._steps[counting](job)

    job = asked(kind("shaky", shaky))
    for _ in range(12):
        due(job)
        jobs.work(job.pk, seconds=60)
    assert Job.objects.get(pk=job.pk).state == DONE


def test_a_refusal_is_final(asked, kind):
    def refuse(job: Job) -> bool:
        raise Refused("Kỳ này chưa có đợt.")

    job = jobs.work(asked(kind("refuse", refuse)).pk)
    assert (job.state, job.reason) == (FAILED, "Kỳ này chưa có đợt.")


def test_a_job_of_a_kind_that_nobody_knows_fails_with_its_reason(asked):
    job = jobs.work(asked("unheard-of").pk)
    assert job.state == FAILED
    assert "unheard-of" in job.reason


def test_what_a_failed_step_wrote_is_undone(asked, kind, person):
    def half(job: Job) -> bool:
        person("nua-chung")
        raise ValueError

    job = jobs.work(asked(kind("half", half)).pk)
    assert job.state == QUEUED
    assert not type(person("khac")).objects.filter(username="nua-chung").exists()


def test_a_waiting_job_is_cancelled_at_once(asked, counting):
    job = asked(counting)
    assert jobs.cancel(job.pk)
    assert jobs.work(job.pk) is None
    assert Job.objects.get(pk=job.pk).state == CANCELLED
    assert not jobs.cancel(job.pk)


def test_a_running_job_stops_after_the_step_in_hand(asked, kind, counting):
    def cancelled_at_two(job: Job) -> bool:
        more = jobs._steps[counting](job)
        if job.done == 2:
            assert jobs.cancel(job.pk)
        return more

    job = jobs.work(asked(kind("stop", cancelled_at_two)).pk, seconds=60)
    assert (job.state, job.done) == (CANCELLED, 2)


def test_the_sweep_sends_what_nobody_works_on_and_nothing_else(asked, counting, told, later):
    waiting, running, dead, ended = (asked(counting) for _ in range(4))
    jobs.claim(running.pk)
    jobs.claim(dead.pk)
    later(dead, minutes=2)
    jobs.work(ended.pk, seconds=60)
    told.clear()
    assert sweep_jobs() == 2
    assert {pk for _, pk in told} == {waiting.pk, dead.pk}


def test_a_hundred_jobs_whose_messages_were_lost_are_all_done(asked, counting, told):
    queued = [asked(counting, steps=1) for _ in range(100)]
    told.clear()  # the broker forgot everything
    sweep_jobs()
    for _, job_id in list(told):
        work(job_id)
    assert Job.objects.filter(pk__in=[job.pk for job in queued], state=DONE).count() == 100


def test_a_broker_that_is_gone_does_not_stop_anybody_from_asking(counting, monkeypatch, db):
    monkeypatch.undo()

    def gone(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(hints.current_app, "send_task", gone)
    with transaction.atomic():
        job = jobs.ask(kind="count", arguments={}, by=None)
    hints.send(jobs.TASK, job.pk)
    assert Job.objects.get(pk=job.pk).state == QUEUED


def test_the_schedule_names_tasks_that_exist():
    from ntm_portal.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    assert jobs.TASK in app.tasks


def test_the_models_have_their_migrations(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

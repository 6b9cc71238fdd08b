"""A full recompute by chunks: the same end as in one go, from wherever it was killed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import jobs
from accounts.errors import Refused
from accounts.models import Job
from communes import epochs
from criteria import dirty, engine, full_recompute, ledger, masks, roll_up
from criteria.actions.rounds import ensure_year
from criteria.models import Assessment, Attainment, DirtyScope, RecomputeRun, RollUp, Round, Verdict
from criteria.statements import Ids, run
from tests.jobs.test_jobs import Killed

_CONTENT = masks.FIELDS
_COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met")


def stored() -> tuple:
    """All that a recompute may write, without the moments of writing."""
    return (
        list(Attainment.objects.order_by("pk").values_list("pk", *_CONTENT)),
        sorted(RollUp.objects.values_list("area_id", "criteria_set_id", "period_id", *_COUNTS)),
    )


def damage() -> None:
    """Every derived row is wrong."""
    Attainment.objects.update(failing=1, indicators={}, criteria_met=7, verdict=Verdict.UNDETERMINED)
    RollUp.objects.update(attained=0, members=1)


@pytest.fixture
def right(db) -> tuple:
    """What a recompute has to arrive at; the stored rows are damaged."""
    ledger.recompute_dirty()
    before = stored()
    damage()
    return before


@pytest.fixture
def job(right) -> Job:
    return full_recompute.ask(by=None)


def chunks_of(job: Job) -> int:
    """How many chunks of folders the job takes, from its plan."""
    assert full_recompute.step(job)
    return -(-job.total // job.marks["chunk"])


def test_everything_is_right_again_after_a_full_recompute(right, job):
    done = jobs.work(job.pk, seconds=600)
    assert (done.state, done.reason) == (Job.State.DONE, "")
    assert done.done == done.total
    assert stored() == right
    entry = RecomputeRun.objects.get(pk=done.result["run"])
    assert (entry.kind, entry.scopes, entry.failures) == ("full", done.total, 0)
    assert entry.differences == done.result["differences"] >= Attainment.objects.count()
    assert entry.duration.total_seconds() > 0
    assert entry.code_version


def test_chunks_end_as_one_pass_does(right, job):
    jobs.work(job.pk, seconds=600)
    by_chunks = stored()
    damage()
    everything = Assessment.objects.values_list("area_id", "round__period_id").distinct()
    engine.recompute(engine.folders(engine.units(everything)))
    for reading_round in Round.objects.select_related("period"):
        dirty.mark_round(reading_round)
    ledger.recompute_dirty()
    assert stored() == by_chunks == right


def test_a_kill_undoes_at_most_a_tenth(job):
    full_recompute.step(job)
    assert job.marks["chunk"] <= max(1, job.total / 10)


@pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.95])
def test_a_recompute_killed_at_any_chunk_ends_the_same(right, job, later, monkeypatch, share):
    plan = Job.objects.get(pk=job.pk)
    fatal, looked_at, died = int(share * chunks_of(plan)), [], []
    RecomputeRun.objects.filter(pk=plan.marks["run"]).delete()
    differing, repair = engine.differing, full_recompute.repair

    def counting(ids: Ids) -> set[int]:
        looked_at.append(run("SELECT COUNT(*) FROM criteria_assessment WHERE id {ids}", ids)[1][0][0])
        return differing(ids)

    def dying(folder_ids: set[int]) -> int:
        differences = repair(folder_ids)
        if not died and len(looked_at) > fatal:
            died.append(True)
            raise Killed
        return differences

    monkeypatch.setattr(engine, "differing", counting)
    monkeypatch.setattr(full_recompute, "repair", dying)
    with pytest.raises(Killed):
        jobs.work(job.pk, seconds=600)
    assert stored() != right
    later(job, minutes=2)
    done = jobs.work(job.pk, seconds=600)
    assert (done.state, stored()) == (Job.State.DONE, right)
    assert 0 < sum(looked_at) - plan.total <= plan.total / 10
    assert not DirtyScope.objects.exists()


def test_no_reader_sees_new_rows_under_an_old_epoch(right, job):
    """After each step: either nothing that readers see changed, or the epoch rose with it; units change whole."""
    while not job.is_finished:
        seen, epoch = stored(), epochs.current()
        job = jobs.work(job.pk, seconds=0)
        assert stored() == seen or epochs.current() > epoch
        _units_are_whole(right)
    assert stored() == right


def _units_are_whole(right: tuple) -> None:
    wanted = {row[0]: row for row in right[0]}
    right_rows = {row[0] for row in stored()[0] if row == wanted[row[0]]}
    for area in Assessment.objects.filter(area__code="18553").values("area_id", "round__period_id").distinct():
        folders = set(Assessment.objects.filter(**area).values_list("pk", flat=True))
        assert folders <= right_rows or not folders & right_rows


def test_a_second_recompute_changes_nothing_and_raises_no_epoch(job):
    jobs.work(job.pk, seconds=600)
    before = epochs.current()
    again = jobs.work(full_recompute.ask(by=None).pk, seconds=600)
    assert (again.result["differences"], epochs.current()) == (0, before)


def test_one_period_leaves_the_others_alone(right):
    done = jobs.work(full_recompute.ask(by=None, period="2023").pk, seconds=600)
    assert done.state == Job.State.DONE
    in_2023 = set(Assessment.objects.filter(round__period__code="2023").values_list("pk", flat=True))
    damaged = {pk for pk, now in ((row[0], row) for row in stored()[0]) if now not in right[0]}
    assert not damaged & in_2023
    assert damaged == set(Attainment.objects.values_list("pk", flat=True)) - in_2023


@pytest.mark.parametrize("period", ["2019", "khong-co", "1999"])
def test_a_period_without_a_round_is_a_clear_error(db, period):
    ensure_year(1999)
    with pytest.raises(Refused) as refused:
        full_recompute.ask(by=None, period=period)
    assert (refused.value.code, period in refused.value.message) == ("no_round", True)
    with pytest.raises(CommandError, match=period):
        call_command("recompute", period=period)
    assert not Job.objects.exists()


def test_a_period_that_lost_its_rounds_fails_the_job_with_the_reason(db):
    job = jobs.ask(kind=full_recompute.KIND, arguments={"period": "1999"}, by=None)
    done = jobs.work(job.pk)
    assert done.state == Job.State.FAILED
    assert "1999" in done.reason


def test_asking_twice_is_one_job(db):
    assert full_recompute.ask(by=None) == full_recompute.ask(by=None)
    assert full_recompute.ask(by=None, period="2023") != full_recompute.ask(by=None)


def test_the_command_recomputes_everything_in_its_own_process(right, told):
    told_text = StringIO()
    call_command("recompute", all=True, stdout=told_text)
    assert stored() == right
    assert f"{RecomputeRun.objects.first().scopes} scopes" in told_text.getvalue()
    assert not any(task == jobs.TASK for task, *_ in told)


def test_the_command_goes_on_where_a_killed_one_stopped(right, later):
    job = full_recompute.ask(by=None, hint=False)
    for _ in range(5):
        jobs.work(job.pk, seconds=0)
    jobs.claim(job.pk)  # and killed
    later(job, minutes=2)
    told_text = StringIO()
    call_command("recompute", all=True, stdout=told_text)
    assert f"Going on with job {job.pk}" in told_text.getvalue()
    assert (Job.objects.count(), stored()) == (1, right)


def test_a_faulty_district_does_not_stop_the_recompute(job, area, monkeypatch):
    refresh = roll_up.refresh

    def poisoned(area_ids, period):
        if area("444").pk in area_ids:
            raise ArithmeticError("poison")
        return refresh(area_ids, period)

    monkeypatch.setattr(roll_up, "refresh", poisoned)
    done = jobs.work(job.pk, seconds=600)
    assert done.state == Job.State.DONE
    entry = RecomputeRun.objects.get(pk=done.result["run"])
    assert entry.failures == len(entry.faults) >= 1
    assert all("444" in fault and "poison" in fault for fault in entry.faults)
    left = DirtyScope.objects.get(area__code="444", period__code="2023")
    assert left.retry_at > timezone.now()

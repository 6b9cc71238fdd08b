"""Districts and the province from dirty rows: few passes, one worker a scope, poison kept apart."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from criteria import dirty, ledger, roll_up
from criteria.models import DirtyScope, Period, RecomputeRun
from criteria.tasks import nightly_verify, recompute_dirty, sweep_at_start
from tests.conftest import HA_LINH, HUONG_KHE, HUONG_SON, PROVINCE


@pytest.fixture
def clean(db) -> None:
    DirtyScope.objects.all().delete()


@pytest.fixture
def mark(clean, area):
    """`mark(code)`: everything above the commune is stale in 2024."""

    def do(code: str = HA_LINH) -> None:
        dirty.mark(area_ids=[area(code).pk], period=Period.objects.get(code="2024"))

    return do


@pytest.fixture
def poison(monkeypatch, area):
    """Recomputing Hương Khê raises until `poison.clear()`."""
    poisoned, refresh = {area(HUONG_KHE).pk}, roll_up.refresh

    def faulty(area_ids, period):
        if poisoned & set(area_ids):
            raise ArithmeticError("a figure that cannot be")
        return refresh(area_ids, period)

    monkeypatch.setattr(roll_up, "refresh", faulty)
    return poisoned


def marked() -> set[str]:
    return set(DirtyScope.objects.values_list("area__code", flat=True))


def test_a_mark_on_a_marked_scope_tells_no_worker_again(mark, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(50):
            mark()
    assert told == [(dirty.TASK,)]
    assert set(DirtyScope.objects.values_list("marks", flat=True)) == {50}


def test_many_approvals_in_a_second_are_one_pass(mark):
    for _ in range(50):
        mark()
    assert ledger.recompute_dirty().scopes == 2
    assert ledger.recompute_dirty() is None


def test_a_mark_that_comes_during_a_pass_is_taken_by_the_same_worker(mark, monkeypatch):
    mark()
    refresh, late = roll_up.refresh, [True]

    def marking(area_ids, period):
        if late:
            late.clear()
            mark()
        return refresh(area_ids, period)

    monkeypatch.setattr(roll_up, "refresh", marking)
    assert ledger.recompute_dirty().scopes >= 3
    assert marked() == set()


def test_a_poisoned_scope_is_kept_with_its_reason_and_the_others_go_on(mark, poison):
    mark()
    run = ledger.recompute_dirty()
    assert (run.scopes, run.failures) == (1, 1)
    assert "ArithmeticError: a figure that cannot be" in run.faults[0]
    left = DirtyScope.objects.get()
    assert (left.area.code, left.failures) == (HUONG_KHE, 1)
    assert left.retry_at > timezone.now()


def test_a_poisoned_scope_waits_longer_each_time_and_heals_by_itself(mark, poison):
    mark()
    for seconds in (5, 10, 20, 40):
        DirtyScope.objects.update(retry_at=None)
        began, wait = timezone.now(), dt.timedelta(seconds=seconds)
        ledger.recompute_dirty()
        assert began + wait <= DirtyScope.objects.get().retry_at <= timezone.now() + wait
    assert ledger.recompute_dirty() is None
    poison.clear()
    DirtyScope.objects.update(retry_at=timezone.now() - dt.timedelta(seconds=1))
    assert ledger.recompute_dirty().failures == 0
    assert marked() == set()


def test_the_ledger_says_code_law_watermark_duration_and_differences(mark, settings):
    mark()
    run = ledger.recompute_dirty()
    assert run.code_version == settings.VERSION
    assert len(run.law_checksum) == 64
    assert run.duration.total_seconds() >= 0
    assert run.differences == 0


def test_the_nightly_check_leaves_its_findings_in_the_ledger(db):
    faults = nightly_verify()
    run = RecomputeRun.objects.first()
    assert (run.kind, run.differences, faults) == ("verify", 0, 0)


def test_a_worker_looks_for_work_at_its_start(told):
    sweep_at_start()
    assert told == [(recompute_dirty.name,)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_scope_in_another_workers_hands_is_left_to_it(area):
    DirtyScope.objects.all().delete()
    dirty.mark(area_ids=[area(HA_LINH).pk], period=Period.objects.get(code="2024"))
    held, done = threading.Event(), threading.Event()
    scope = DirtyScope.objects.get(area__code=HUONG_KHE)

    def other_worker() -> None:
        with transaction.atomic():
            ledger.recompute_scopes([scope])
            held.set()
            done.wait(10)
        connection.close()

    worker = threading.Thread(target=other_worker)
    worker.start()
    held.wait(10)
    run = ledger.recompute_dirty()
    assert (run.scopes, marked()) == (1, {HUONG_KHE})
    done.set()
    worker.join()
    assert marked() == set()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_mark_beside_a_worker_that_removes_the_row_is_not_lost(area):
    """The row is deleted but not committed while somebody marks it: the mark waits and then stands."""
    commune, period = area(HA_LINH).pk, Period.objects.get(code="2024")
    DirtyScope.objects.all().delete()
    dirty.mark(area_ids=[commune], period=period)
    scope, removed, go_on = DirtyScope.objects.get(area__code=HUONG_KHE), threading.Event(), threading.Event()

    def worker() -> None:
        with transaction.atomic():
            ledger.recompute_scopes([scope])
            removed.set()
            go_on.wait(10)
        connection.close()

    def marker() -> None:
        dirty.mark(area_ids=[commune], period=period)
        connection.close()

    threads = [threading.Thread(target=worker), threading.Thread(target=marker)]
    threads[0].start()
    removed.wait(10)
    threads[1].start()
    threads[1].join(0.3)
    go_on.set()
    for each in threads:
        each.join(10)
    assert HUONG_KHE in marked()


def test_two_districts_and_the_province_are_three_scopes(mark, area):
    mark()
    dirty.mark(area_ids=[area(HUONG_SON).pk], period=Period.objects.get(code="2024"))
    assert marked() == {HUONG_KHE, HUONG_SON, PROVINCE}
    assert ledger.recompute_dirty().scopes == 3

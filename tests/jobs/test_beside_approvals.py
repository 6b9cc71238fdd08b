"""A full recompute while officers approve: nobody waits for it to end, and both end as the law says."""

import threading

import pytest
from django.db import connection

from accounts import jobs
from accounts.models import Job
from criteria import full_recompute, ledger, verification
from criteria.actions import readings as act
from criteria.models import Attainment, RollUp, State
from tests.proof.comparing import faults
from tests.proof.world import World

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


class Approver(threading.Thread):
    """An officer with a connection of their own, who approves value after value."""

    def __init__(self, world: World, ids: list[int]) -> None:
        super().__init__(name="approver")
        self.world, self.ids, self.fault = world, ids, None

    def run(self) -> None:
        try:
            for reading_id in self.ids:
                act.approve(reading_ids=[reading_id], by=self.world.approver)
        except BaseException as fault:  # raised again by the test
            self.fault = fault
        finally:
            connection.close()


def test_approvals_land_while_everything_is_damaged_and_recomputed(served):
    world = World()
    ids = [
        reading_id
        for slug in ("tiny-ntm", "tiny-advanced")
        for commune in world.communes
        for reading_id in world.fill(slug, commune, until=State.APPRAISED)
    ]
    job = full_recompute.ask(by=None, hint=False)
    full_recompute.step(job)  # its plan: thereafter every step is short
    Job.objects.filter(pk=job.pk).update(marks={**job.marks, "chunk": 3}, total=job.total, result=job.result)
    Attainment.objects.update(failing=7, indicators={}, criteria_met=1)
    RollUp.objects.update(members=0)
    officer = Approver(world, ids)
    officer.start()
    while officer.is_alive():
        done = jobs.work_here(Job.objects.get(pk=job.pk))
        assert done.state == Job.State.DONE, done.reason
        job = full_recompute.ask(by=None, hint=False)
    officer.join()
    assert officer.fault is None
    jobs.work_here(job)
    ledger.recompute_dirty()
    assert faults(world) == []
    assert verification.verify_all()[1] == []

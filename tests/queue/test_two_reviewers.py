"""Two reviewers on one value at the same moment, each in a connection of their own: one step is taken, once."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import AuditEvent
from criteria.actions import readings as act
from criteria.actions.reminders import remind
from criteria.models import Reading, Reminder, State
from criteria.procedure import Step
from tests.desk.conftest import communes_of, office

__all__ = ["communes_of", "office"]

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts) -> list[object]:
    """What each of the acts gave, or the refusal that it met; all begin together."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            gate.wait(10)
            given[place] = acts[place]()
        except Refused as refused:
            given[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return given


def told(reading: Reading) -> int:
    return AuditEvent.objects.filter(
        action__in=("reading.approve", "reading.return"), subject_id=str(reading.pk)
    ).count()


@pytest.fixture
def waiting(office, person):
    hands = [person(f"nguoi-{number}") for number in range(5)]
    return [office.put(code, 4, State.APPRAISED, hands=hands) for code in ("10.1", "11.1", "17.1")]


def test_two_who_approve_the_same_value_approve_it_once(waiting, province_officer, second_province_officer):
    reading = waiting[0]
    versions = {reading.pk: reading.version}
    given = at_once(
        lambda: act.approve(reading_ids=[reading.pk], versions=versions, by=province_officer),
        lambda: act.approve(reading_ids=[reading.pk], versions=versions, by=second_province_officer),
    )
    assert sorted(isinstance(each, Refused) for each in given) == [False, True]
    stored = Reading.objects.get(pk=reading.pk)
    assert (stored.state, stored.version, told(reading)) == (State.APPROVED, reading.version + 1, 1)


def test_one_approves_and_one_returns_and_only_one_is_heard(waiting, province_officer, second_province_officer):
    reading = waiting[0]
    given = at_once(
        lambda: act.approve(reading_ids=[reading.pk], versions={reading.pk: reading.version}, by=province_officer),
        lambda: act.return_reading(
            reading_id=reading.pk, reason="Thiếu biểu", version=reading.version, by=second_province_officer
        ),
    )
    assert sorted(isinstance(each, Refused) for each in given) == [False, True]
    assert told(reading) == 1


def test_two_who_take_many_at_once_share_them_without_loss(waiting, province_officer, second_province_officer):
    versions = {reading.pk: reading.version for reading in waiting}
    given = at_once(
        lambda: act.accept(step=Step.APPROVE, versions=versions, by=province_officer),
        lambda: act.accept(step=Step.APPROVE, versions=versions, by=second_province_officer),
    )
    assert sum(each.moved for each in given) == len(waiting)
    assert sum(len(each.changed) for each in given) == len(waiting)
    for reading in waiting:
        stored = Reading.objects.get(pk=reading.pk)
        assert (stored.state, stored.version, told(reading)) == (State.APPROVED, reading.version + 1, 1)


def test_many_at_once_beside_one_returned(waiting, province_officer, second_province_officer):
    versions = {reading.pk: reading.version for reading in waiting}
    one = waiting[1]
    bulk, returned = at_once(
        lambda: act.accept(step=Step.APPROVE, versions=versions, by=province_officer),
        lambda: act.return_reading(
            reading_id=one.pk, reason="Thiếu biểu", version=one.version, by=second_province_officer
        ),
    )
    if isinstance(returned, Refused):
        assert bulk.moved == 3
    else:
        assert (bulk.moved, bulk.changed) == (2, [one.pk])
    assert told(one) == 1


def test_two_who_remind_a_unit_remind_it_once(office, province_officer, district_reviewer):
    folder = office.round.assessments.get(area=office.home)
    given = at_once(
        lambda: remind(reading_round=office.round, assessment_ids=[folder.pk], by=province_officer),
        lambda: remind(reading_round=office.round, assessment_ids=[folder.pk], by=district_reviewer),
    )
    assert sorted(given) == [0, 1]
    assert Reminder.objects.filter(assessment=folder, sent_on=timezone.localdate()).count() == 1

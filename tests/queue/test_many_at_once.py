"""Many values at once: as they were on screen, own ones left to others, in batches that are whole or not at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed, OutOfScope, WrongState
from accounts.models import AuditEvent
from criteria.actions import readings as act
from criteria.actions.readings import accepting
from criteria.models import Reading, State
from criteria.procedure import Step
from criteria.queries import at_once
from criteria.queries import review as queues

URL = "/duyet/khong-canh-bao/?buoc={}"
CODES = ("10.1", "11.1", "17.1", "17.9")


@pytest.fixture
def appraised(office, hands, quiet) -> list[Reading]:
    """Four values of one commune that wait for approval."""
    return [office.put(code, 4, State.APPRAISED, hands=hands) for code in CODES]


def versions_of(readings) -> dict[int, int]:
    return {reading.pk: reading.version for reading in readings}


def test_a_value_that_changed_meanwhile_is_left_out_and_named(
    office, client_of, appraised, province_officer, again, states
):
    client = client_of(province_officer)
    sent = {"chosen": " ".join(f"{pk}:{version}" for pk, version in versions_of(appraised).items())}
    Reading.objects.filter(pk=appraised[0].pk).update(version=7)
    page = client.post(URL.format("approve"), sent, follow=True).content.decode()
    assert "Đã phê duyệt 3 giá trị không có cảnh báo." in page
    assert f"Để lại 1 giá trị vừa đổi: {office.home.name} 10.1." in page
    assert states(appraised) == [State.APPRAISED, State.APPROVED, State.APPROVED, State.APPROVED]


def test_own_values_are_counted_before_and_never_taken(office, client_of, hands, province_officer, states, appraised):
    own = office.put("2.1", 4, State.APPRAISED, hands=[province_officer, *hands])
    client = client_of(province_officer)
    page = client.get(URL.format("approve")).content.decode()
    assert "Phê duyệt 4 giá trị" in page
    assert '<b class="n">1</b> giá trị do chính bạn' in page
    forged = versions_of([*appraised, own])
    done = act.accept(step=Step.APPROVE, versions=forged, by=province_officer)
    assert (done.moved, done.own, done.changed) == (4, 1, [])
    assert states([own]) == [State.APPRAISED]


def test_only_own_values_move_nothing(office, hands, province_officer, states):
    own = office.put("2.1", 4, State.APPRAISED, hands=[province_officer, *hands])
    assert act.accept(step=Step.APPROVE, versions=versions_of([own]), by=province_officer).moved == 0
    assert states([own]) == [State.APPRAISED]


@pytest.mark.parametrize(
    ("step", "state", "who", "then"),
    [
        ("verify", State.SUBMITTED, "district_reviewer", State.VERIFIED),
        ("appraise", State.VERIFIED, "department_officer", State.APPRAISED),
        ("approve", State.APPRAISED, "province_officer", State.APPROVED),
    ],
)
def test_each_step_is_taken_on_many(request, office, quiet, hands, client_of, states, step, state, who, then):
    rows = [office.put(code, 50, state, hands=hands) for code in ("17.1", "17.9")]
    flagged = office.put("17.3", 1, state, hands=hands)
    Reading.objects.filter(pk=flagged.pk).update(flags=1, note="Trạm mới.")
    client = client_of(request.getfixturevalue(who))
    confirm = client.get(URL.format(step)).context["plain"]
    assert (len(confirm.versions), confirm.flagged, confirm.units) == (2, 1, 1)
    assert client.post(URL.format(step), {"chosen": confirm.written}).status_code == 303
    assert states([*rows, flagged]) == [then, then, state]


def test_what_lies_outside_the_scope_takes_nothing_with_it(office, hands, district_reviewer, states):
    inside = office.put("17.1", 50, State.SUBMITTED, hands=hands)
    outside = office.put("17.1", 50, State.SUBMITTED, hands=hands, area=office.other)
    with pytest.raises(OutOfScope):
        act.accept(step=Step.VERIFY, versions=versions_of([inside, outside]), by=district_reviewer)
    assert states([inside, outside]) == [State.SUBMITTED, State.SUBMITTED]


def test_whoever_has_not_the_step_is_refused(office, appraised, district_reviewer, states):
    with pytest.raises(NotAllowed):
        act.accept(step=Step.APPROVE, versions=versions_of(appraised), by=district_reviewer)
    assert set(states(appraised)) == {State.APPRAISED}


def test_batches_follow_each_other_and_say_where_they_stopped(
    office, hands, appraised, province_officer, states, monkeypatch
):
    monkeypatch.setattr(accepting, "BATCH", 2)
    Reading.objects.filter(pk=max(row.pk for row in appraised)).update(state=State.VERIFIED)
    ordered = sorted(appraised, key=lambda row: row.pk)
    done = act.accept(step=Step.APPROVE, versions=versions_of(appraised), by=province_officer)
    assert done.moved == 2
    assert "chưa tới bước này" in done.stopped
    assert states(ordered) == [State.APPROVED, State.APPROVED, State.APPRAISED, State.VERIFIED]


def test_a_first_batch_that_is_refused_changes_nothing(office, appraised, province_officer, states):
    Reading.objects.filter(pk=appraised[0].pk).update(state=State.VERIFIED)
    with pytest.raises(WrongState):
        act.accept(step=Step.APPROVE, versions=versions_of(appraised), by=province_officer)
    assert State.APPROVED not in states(appraised)


def test_every_value_has_its_line_in_the_history(appraised, province_officer):
    act.accept(step=Step.APPROVE, versions=versions_of(appraised), by=province_officer)
    told = AuditEvent.objects.filter(action="reading.approve", actor_id=province_officer.pk)
    assert {event.subject_id for event in told} == {str(row.pk) for row in appraised}


def test_one_page_confirms_no_more_than_it_can_carry(appraised, province_officer, monkeypatch):
    monkeypatch.setattr(at_once, "AT_MOST", 3)
    plain = at_once.without_flags(province_officer, step=Step.APPROVE, chosen=queues.Filter())
    assert (len(plain.versions), plain.more) == (3, 1)


def test_a_batch_costs_the_same_for_one_value_and_for_many(office, appraised, hands, province_officer, second):
    def statements(rows) -> int:
        with CaptureQueriesContext(connection) as ran:
            act.accept(step=Step.APPROVE, versions=versions_of(rows), by=province_officer)
        return len(ran)

    statements([office.put("2.1", 9, State.APPRAISED, hands=hands)])  # statements are prepared once a connection
    one = statements(appraised[:1])
    more = [office.put(code, 4, State.APPRAISED, hands=hands, area=second) for code in CODES]
    assert statements([*appraised[1:], *more]) <= one

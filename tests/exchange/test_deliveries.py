"""Webhooks against a real server: signed, in order, again and again until taken, given up, replayed."""

import datetime as dt
import json
import time

import pytest
from django.utils import timezone

from accounts import hints, jobs
from accounts.models import Job
from criteria.models import Recognition
from exchange import delivering
from exchange.actions import retention
from exchange.actions import webhooks as acts
from exchange.models import Change, Delivery, Webhook
from tests.exchange.conftest import number
from tests.exchange.receiver import Receiver
from tests.workflow.conftest import HUONG_TRACH

HERE = ["127.0.0.1"]
WAITING, DELIVERED, GIVEN_UP = Delivery.State.WAITING, Delivery.State.DELIVERED, Delivery.State.GIVEN_UP


@pytest.fixture(autouse=True)
def _no_message_leaves(monkeypatch):
    monkeypatch.setattr(hints, "send", lambda *_: None)


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = HERE
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def hooked(receiver, feed, administrator):
    """`hooked(kinds=…, area=…)`: a webhook to the receiver and its secret, from now on."""

    def add(kinds=("recognition",), area="") -> tuple[Webhook, str]:
        return acts.add(name="LGSP", url=receiver.address, kinds=kinds, area=area, by=administrator)

    return add


@pytest.fixture
def grant(area):
    """`grant(n, code)`: so many changes; their numbers."""

    def create(many: int = 1, code: str = HUONG_TRACH) -> list[int]:
        rows = [Recognition(area=area(code), tier="x", act="granted", confidence="verified") for _ in range(many)]
        Recognition.objects.bulk_create(rows)
        number()
        return sorted(Change.objects.order_by("-seq").values_list("seq", flat=True)[:many])

    return create


def run(after: dt.timedelta = dt.timedelta(0)) -> None:
    """What the sweep and a worker do, when that time has passed for everything that waits."""
    for delivery in Delivery.objects.filter(state=WAITING):
        Delivery.objects.filter(pk=delivery.pk).update(next_at=delivery.next_at - after)
    delivering.sweep()
    for job in Job.objects.filter(kind=delivering.KIND, state=Job.State.QUEUED):
        jobs.work_here(job)


def test_what_is_wanted_is_sent_once_signed_and_in_order(hooked, receiver, grant):
    webhook, secret = hooked(area="444")
    numbers = grant(3) + grant(1, "18502")
    grant(1, "439")
    run()
    run()
    (call,) = receiver.calls
    assert call.numbers == numbers
    assert call.is_signed_by(secret)
    assert not call.is_signed_by("whsec_" + "A" * 44)
    assert abs(int(call.headers["webhook-timestamp"]) - time.time()) < 60
    assert call.path == "/nhan?tu=ntm"
    change = call.sent["changes"][0]
    assert change["address"].startswith("http")
    assert change["address"].endswith(f"/{change['key']}/")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts, delivery.many) == (DELIVERED, 204, 1, 4)
    webhook.refresh_from_db()
    assert webhook.cursor == Change.objects.latest("seq").seq


def test_many_changes_are_sent_in_parts_and_in_order(hooked, receiver, grant):
    hooked()
    numbers = grant(delivering.TOGETHER * 2 + 5)
    run()
    assert [len(call.numbers) for call in receiver.calls] == [delivering.TOGETHER, delivering.TOGETHER, 5]
    assert [seq for call in receiver.calls for seq in call.numbers] == numbers


def test_what_is_not_taken_is_tried_again_later_under_the_same_id_and_holds_up_the_rest(hooked, receiver, grant):
    hooked()
    receiver.answers = [500, 503]
    first = grant()
    run()
    second = grant()
    run()
    assert len(receiver.calls) == 1  # it is not yet its time, and nothing overtakes it
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == (WAITING, 500, 1)
    assert dt.timedelta(0) < delivery.next_at - timezone.now() <= delivering.WAITS[0]
    run(after=delivering.WAITS[0])
    delivery.refresh_from_db()
    assert delivering.WAITS[0] < delivery.next_at - timezone.now() <= delivering.WAITS[1]
    run(after=delivering.WAITS[1])
    assert [call.numbers for call in receiver.calls] == [first, first, first, second]
    assert len({call.event for call in receiver.calls[:3]}) == 1
    assert receiver.calls[3].event != receiver.calls[0].event
    assert Webhook.objects.get().failing_since is None


def test_after_its_last_attempt_a_delivery_is_given_up_and_the_next_one_goes(hooked, receiver, grant):
    hooked()
    tries = len(delivering.WAITS) + 1
    receiver.answers = [500] * tries
    grant()
    for _ in range(tries):
        run(after=delivering.WAITS[-1])
    assert Delivery.objects.get().state == GIVEN_UP
    later = grant()
    run()
    assert receiver.calls[-1].numbers == later
    assert len(receiver.calls) == tries + 1


def test_a_webhook_that_failed_for_days_is_stopped_and_goes_on_when_it_is_switched_on(
    hooked, receiver, grant, administrator
):
    webhook, _ = hooked()
    receiver.answers = [500, 500]
    first = grant()
    run()
    Webhook.objects.update(failing_since=timezone.now() - delivering.DISABLED_AFTER)
    run(after=delivering.WAITS[0])
    webhook.refresh_from_db()
    assert not webhook.is_on
    assert "3 ngày" in webhook.stopped_reason
    second = grant()
    run(after=delivering.WAITS[-1])
    assert len(receiver.calls) == 2
    acts.switch(webhook_id=webhook.pk, is_on=True, by=administrator)
    run()
    assert [call.numbers for call in receiver.calls[2:]] == [first, second]


def test_a_receiver_that_says_gone_is_not_asked_again(hooked, receiver, grant):
    hooked()
    receiver.answers = [410]
    grant()
    run()
    run(after=delivering.WAITS[-1])
    assert len(receiver.calls) == 1
    assert Webhook.objects.get().stopped_reason == delivering.SAID_GONE


def test_a_redirect_is_not_followed(hooked, receiver, grant):
    hooked()
    receiver.answers = [302]
    grant()
    run()
    assert [call.path for call in receiver.calls] == ["/nhan?tu=ntm"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == (WAITING, 302)
    assert "chuyển hướng" in delivery.said


def test_one_delivery_is_replayed_as_it_was_and_a_whole_stretch_as_the_rows_stand_now(
    hooked, receiver, grant, administrator
):
    webhook, _ = hooked()
    numbers = grant(2) + grant(2)
    run()
    delivery = Delivery.objects.get()
    acts.replay(webhook_id=webhook.pk, delivery_id=delivery.pk, by=administrator)
    run()
    assert receiver.calls[1].body == receiver.calls[0].body
    assert receiver.calls[1].event == receiver.calls[0].event
    acts.replay_from(webhook_id=webhook.pk, since=numbers[1], by=administrator)
    run()
    assert receiver.calls[2].numbers == numbers[2:]
    assert receiver.calls[2].event != receiver.calls[0].event


def test_a_webhook_behind_what_is_kept_is_stopped_and_says_so(hooked, receiver, grant):
    hooked()
    grant(2)
    Change.objects.update(at=timezone.now() - dt.timedelta(days=5000))
    retention.prune_changes()
    run()
    assert receiver.calls == []
    assert "không còn được giữ" in Webhook.objects.get().stopped_reason


def test_the_log_is_kept_for_its_time_and_what_waits_longer(hooked, receiver, grant):
    hooked()
    grant()
    run()
    receiver.answers = [500]
    grant()
    run()
    Delivery.objects.update(made_at=timezone.now() - dt.timedelta(days=5000))
    assert retention.prune_deliveries() == 1
    assert [delivery.state for delivery in Delivery.objects.all()] == [WAITING]


def test_a_former_key_still_signs_and_a_lost_one_stops_the_webhook(hooked, receiver, grant, settings):
    _, secret = hooked()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 6, [settings.SECRET_KEY]
    grant()
    run()
    assert receiver.calls[0].is_signed_by(secret)
    settings.SECRET_KEY_FALLBACKS = []
    grant()
    run()
    assert len(receiver.calls) == 1
    assert Webhook.objects.get().stopped_reason == delivering.KEY_LOST


def test_the_secret_is_not_in_the_database(hooked):
    webhook, secret = hooked()
    stored = json.dumps(Webhook.objects.values().get(), default=str)
    assert secret.removeprefix("whsec_") not in stored


def test_twins_of_the_job_send_nothing_twice(hooked, receiver, grant):
    hooked()
    grant()
    delivering.sweep()
    job = Job.objects.get(kind=delivering.KIND)
    assert delivering.sweep() == 0
    first, second = jobs.claim(job.pk), jobs.claim(job.pk)
    assert second is None
    jobs._give_back(first)
    for _ in range(3):
        jobs.work(job.pk)
    assert len(receiver.calls) == 1


def test_a_worker_that_was_silent_after_sending_has_it_sent_again_under_the_same_id(hooked, receiver, grant):
    """At least once: the attempt that was not written down counts for nothing, and its id tells the receiver."""
    hooked()
    grant()
    delivering.sweep()
    job = Job.objects.get(kind=delivering.KIND)
    killed = jobs.claim(job.pk)
    delivering.step(killed)
    delivering._send(killed)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    jobs.work(job.pk)
    assert [call.event for call in receiver.calls] == [str(Delivery.objects.get().event)] * 2
    assert Delivery.objects.get().state == DELIVERED

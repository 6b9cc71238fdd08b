"""A real worker, really killed while a webhook is being told: the next one tells it again, under the same id."""

import signal
import subprocess
import sys

import pytest

from tests.exchange.receiver import Receiver
from tests.jobs.test_killed import Folder
from tests.services.portals import ROOT, clean_environment

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.sqlite]

HOOK = """
from accounts.models import Appointment, User
from communes.models import Area
from criteria.models import Recognition
from exchange.actions import webhooks
by = User.objects.create(username="q")
Appointment.objects.create(user=by, role="administrator", valid_from="2020-01-01")
webhooks.add(name="x", url="{url}", kinds=[], area="", by=by)
Recognition.objects.create(area=Area.objects.first(), tier="x", act="granted", confidence="verified")
"""
WORK = """
from accounts import jobs
from accounts.models import Job
from exchange import delivering
delivering.sweep()
jobs.work_here(Job.objects.get(kind="webhook"))
"""


def _start(folder: Folder, code: str) -> subprocess.Popen:
    environment = clean_environment(DATA_DIR=str(folder.data_dir), WEBHOOK_PRIVATE_HOSTS="127.0.0.1")
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-c", code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _run(folder: Folder, code: str) -> None:
    process = _start(folder, code)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told


def test_a_delivery_whose_worker_was_killed_is_sent_again_under_the_same_id(loaded_template):
    folder, receiver = Folder(loaded_template), Receiver()
    try:
        _run(folder, HOOK.format(url=receiver.address))
        receiver.lets_go.clear()
        worker = _start(folder, WORK)
        assert receiver.came.wait(60), worker.communicate(timeout=5)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        receiver.lets_go.set()
        assert folder.ask("SELECT state, attempts FROM exchange_delivery") == [[("waiting", 0)]]
        # As if the worker had been silent for a minute.
        folder.ask("UPDATE accounts_job SET heartbeat_at = '2020-01-01 00:00:00'")
        _run(folder, WORK)
    finally:
        receiver.close()
    assert len(receiver.calls) == 2
    assert receiver.calls[0].event == receiver.calls[1].event
    assert receiver.calls[0].body == receiver.calls[1].body
    assert folder.ask("SELECT state, attempts, status FROM exchange_delivery") == [[("delivered", 1, 204)]]

"""`make run`: from an empty folder to a portal, a quick second start, and an end that leaves nothing behind."""

import contextlib
import json
import os
import shutil
import signal
import socket
import time
import urllib.request

import pytest

from tests.services import processes
from tests.services.plugin import scratch
from tests.services.portals import Portal, descendants, is_running, new_data_dir, status_of

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

SECOND_START_SECONDS = 5
CTRL_C_SECONDS = 3


@pytest.fixture(scope="module")
def set_up(loaded_template) -> Portal:
    """A portal that was started once and ended: its folder is complete."""
    portal = Portal(new_data_dir(scratch()))
    shutil.copyfile(loaded_template, portal.data_dir / "ntm.sqlite3")
    portal.start()
    portal.interrupt()
    return portal


@pytest.fixture
def running(set_up):
    """The set-up portal, running; whatever a test leaves of it is ended."""
    set_up.start()
    yield set_up
    processes.stop(set_up.process)


def ended(pids: set[int], *, within: float) -> bool:
    """Whether all processes are gone in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def family(portal: Portal) -> set[int]:
    """The portal's process and all below it, once its worker is there."""
    deadline = time.monotonic() + 10
    while not (below := descendants(portal.process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert below, "the portal has no worker"
    return {portal.process.pid, *below}


def test_an_empty_folder_becomes_a_portal_with_its_seed_data():
    portal = Portal(new_data_dir(scratch()))
    try:
        portal.start(seconds=300)
        with urllib.request.urlopen(f"{portal.address}/readyz") as answer:
            assert json.load(answer) == {"status": "ready", "reasons": []}
        told = portal.log.read_text()
        assert portal.address in told
        assert portal.password in told
        assert "huyen-huongkhe-duyet" in told
    finally:
        processes.stop(portal.process)


def test_a_second_start_is_quick(set_up):
    seconds = set_up.start()
    set_up.interrupt()
    assert seconds <= SECOND_START_SECONDS


def test_ctrl_c_ends_everything_in_time(running):
    everybody = family(running)
    assert running.interrupt() <= CTRL_C_SECONDS
    assert running.process.returncode == 0
    assert ended(everybody, within=1)


def test_a_killed_portal_leaves_no_process_behind(running):
    everybody = family(running)
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    assert ended(everybody, within=3)


def test_a_killed_worker_is_started_again(running):
    (worker,) = descendants(running.process.pid) or family(running) - {running.process.pid}
    os.kill(worker, signal.SIGKILL)
    assert ended({worker}, within=3)
    deadline = time.monotonic() + 15
    while not descendants(running.process.pid) - {worker} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert descendants(running.process.pid) - {worker}
    assert status_of(f"{running.address}/healthz") == 200


def test_a_taken_port_is_said_with_a_way_out(set_up):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        portal = Portal(new_data_dir(scratch()), port=taken.getsockname()[1])
        with pytest.raises(processes.ServiceUnavailable, match=f"Port {portal.port} cannot be used.*PORT="):
            portal.start()


def test_two_portals_do_not_share_a_folder(running):
    second = Portal(running.data_dir)
    with pytest.raises(processes.ServiceUnavailable, match="Another portal runs on"):
        second.start()


def test_without_a_given_password_one_is_made_and_kept_for_its_owner_only(set_up):
    set_up.password = ""
    try:
        set_up.start()
        set_up.interrupt()
        kept = set_up.data_dir / "demo_password"
        made = kept.read_text()
        assert len(made) >= 12
        assert kept.stat().st_mode & 0o077 == 0
        set_up.start()
        set_up.interrupt()
        assert kept.read_text() == made
        assert set_up.log.read_text().count(made) == 2
    finally:
        set_up.password = Portal.password

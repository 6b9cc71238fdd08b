"""A real process, really killed: what it was doing is done by the next one."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from criteria import masks
from ntm_portal.children import WORKER
from tests.services import processes
from tests.services.plugin import scratch
from tests.services.portals import ROOT, clean_environment, new_data_dir

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.sqlite]

STORED = [
    f"SELECT assessment_id, {', '.join(masks.FIELDS)} FROM criteria_attainment ORDER BY 1",
    "SELECT area_id, criteria_set_id, period_id, members, attained FROM criteria_rollup ORDER BY 1, 2, 3",
]
DAMAGE = [
    "UPDATE criteria_attainment SET failing = 1, indicators = '{}', criteria_met = 7, verdict = 0",
    "UPDATE criteria_rollup SET attained = 0",
]


class Folder:
    """A data folder with a loaded database that this process only looks into."""

    def __init__(self, template: Path) -> None:
        self.data_dir = new_data_dir(scratch())
        self.database = self.data_dir / "ntm.sqlite3"
        shutil.copyfile(template, self.database)

    def ask(self, *statements: str) -> list[list[tuple]]:
        with closing(sqlite3.connect(self.database, timeout=10)) as database, database:
            return [database.execute(statement).fetchall() for statement in statements]

    def recompute(self, *arguments: str) -> subprocess.Popen:
        environment = clean_environment(DATA_DIR=str(self.data_dir))
        command = [sys.executable, str(ROOT / "manage.py"), "recompute", *arguments]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def done(self) -> tuple[int, int]:
        """How far the job is: units done, and in all."""
        ((rows),) = self.ask("SELECT done, total FROM accounts_job")
        done, total = rows[0] if rows else (0, 0)
        return done, total or 1  # before the plan is made


def kill_at(folder: Folder, share: float) -> tuple[int, int]:
    """Run a full recompute and kill it when this share of its work is done; how far it was."""
    process, deadline = folder.recompute("--all"), time.monotonic() + 60
    while folder.done()[0] < share * folder.done()[1] and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "It had ended before it was killed."
    return folder.done()


def test_a_full_recompute_killed_again_and_again_ends_as_if_never_killed(loaded_template):
    folder = Folder(loaded_template)
    folder.recompute().communicate(timeout=60)
    right = folder.ask(*STORED)
    folder.ask(*DAMAGE)
    reached = 0
    for share in (0.1, 0.4, 0.7):
        done, total = kill_at(folder, share)
        assert reached <= done < total
        reached = done
        # As if the worker had been silent for a minute.
        folder.ask("UPDATE accounts_job SET heartbeat_at = '2020-01-01 00:00:00'")
    last = folder.recompute("--all")
    told, _ = last.communicate(timeout=60)
    assert last.returncode == 0, told
    assert f"{reached} of" in told
    assert folder.ask(*STORED) == right
    assert folder.ask("SELECT state, COUNT(*) FROM accounts_job GROUP BY state") == [[("done", 1)]]


def test_a_worker_takes_at_its_start_what_a_lost_message_left(loaded_template):
    """No message was ever sent: the row alone is found, on the transport of the embedded profile."""
    folder = Folder(loaded_template)
    folder.recompute().communicate(timeout=60)
    right = folder.ask(*STORED)
    folder.ask(*DAMAGE)
    folder.ask(
        "INSERT INTO accounts_job (kind, arguments, state, marks, done, total, result, reason, attempts, stop_asked,"
        " claim, asked_at, run_after) VALUES ('recompute', '{\"period\": \"\"}', 'queued', '{}', 0, 0, '{}', '', 0, 0,"
        " '', '2024-01-01 00:00:00', '2024-01-01 00:00:00')"
    )
    worker = processes.start(
        [sys.executable, "-m", "celery", "--quiet", "-A", "ntm_portal", *WORKER, "--loglevel=WARNING"],
        log=folder.data_dir / "worker.log",
        env=clean_environment(DATA_DIR=str(folder.data_dir), PYTHONPATH=str(ROOT)),
    )
    try:
        deadline = time.monotonic() + 60
        while folder.ask("SELECT state FROM accounts_job") != [[("done",)]] and time.monotonic() < deadline:
            time.sleep(0.1)
        assert folder.ask(*STORED) == right, (folder.data_dir / "worker.log").read_text()
    finally:
        processes.stop(worker)

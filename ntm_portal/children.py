"""Processes that end with the one that started them, however it ends."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

# Several hundred megabytes and a fork less than the default pool: one host, one worker, one task at a time.
WORKER = ["worker", "--pool=solo", "--concurrency=1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
RESTART_AFTER_SECONDS = 5


def die_with_parent(with_signal: int) -> None:
    """Ask the kernel to send this process `with_signal` when its parent ends (Linux only)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, int(with_signal))


class Worker(threading.Thread):
    """A Celery worker as a child, started again when it ends by itself.

    The thread lives as long as the process, because the kernel ties the child to the thread that started it.
    """

    def __init__(self) -> None:
        super().__init__(name="worker", daemon=True)
        self._process: subprocess.Popen | None = None
        self._ending = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        while not self._ending.is_set():
            with self._lock:
                self._process = self._spawn()
            self._process.wait()
            self._ending.wait(RESTART_AFTER_SECONDS)

    @staticmethod
    def _spawn() -> subprocess.Popen:
        parent = os.getpid()

        def tie() -> None:
            die_with_parent(signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

        command = [sys.executable, "-m", "celery", "--quiet", "-A", "ntm_portal", *WORKER, "--loglevel=WARNING"]
        # A session of its own: Ctrl-C in the terminal reaches the portal only, which then ends the worker.
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=tie)

    def terminate(self) -> None:
        """Ask the worker to finish its task and end; it is not started again."""
        self._ending.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def end(self, seconds: float) -> None:
        """Wait for the worker to end, by force after `seconds`."""
        self.terminate()
        deadline = time.monotonic() + seconds
        while self._process and self._process.poll() is None:
            if time.monotonic() > deadline:
                self._process.kill()
            time.sleep(0.02)

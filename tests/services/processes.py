"""Starting a server as a child that dies with its parent, and waiting for it."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class ServiceUnavailable(Exception):
    """A service that the tests need cannot be had; the message says how to provide it."""


def start(
    args: list[str], *, log: Path, user: str | None = None, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen:
    """Start `args` in its own session, output into `log`. The kernel stops it when this process ends, however."""
    parent = os.getpid()

    def die_with_parent() -> None:
        if hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
            if os.getppid() != parent:
                os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            args,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            env=env,
            cwd=cwd or log.parent,
            start_new_session=True,
            preexec_fn=die_with_parent,  # services start before any thread does
        )


def stop(process: subprocess.Popen, *, with_signal: int = signal.SIGTERM, seconds: float = 5) -> None:
    """End a child; by force when it does not end in time."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen, log: Path, seconds: float = 20) -> None:
    """Wait for `ready`; raise ServiceUnavailable with the end of the log when the child ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    stop(process)
    command = process.args[0] if isinstance(process.args, list) else process.args
    raise ServiceUnavailable(f"{command!s} did not start:\n{log.read_text(errors='replace')[-2000:]}")

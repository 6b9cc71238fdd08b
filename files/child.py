"""Reading a file that may be hostile in a process of its own, with little memory, time and speech.

`call` starts a fresh interpreter (no fork of the server, no Django), which imports the named function, takes its
limits and only then opens the file. A library that aborts, hangs or swells takes nobody with it.
"""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from files import Refusal
from files.inside import TOO_BIG, UNREADABLE

MB = 1024 * 1024
SECONDS = 10
MEMORY = 256 * MB
LONGEST_ANSWER = 64 * MB
TOO_LONG = "Đọc tệp mất quá nhiều thời gian. Bỏ các hàng và cột thừa rồi tải lên lại."

logger = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent


def call(function: str, path: str | Path, *args: Any, seconds: float = SECONDS, memory: int = MEMORY) -> Any:
    """What `function` ("package.module:name") makes of the file, as JSON. `memory` is in bytes, above the imports'.

    Raises Refusal: the function's own, or that the reader died, took too long, too much memory or said too much.
    """
    asked = {"function": function, "args": [str(path), *args], "seconds": seconds, "memory": memory}
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-m", "files.inside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"LANG": "C.UTF-8", "PATH": os.defpath},
        start_new_session=True,
    )
    try:
        said = _heard(process, json.dumps(asked).encode(), until=time.monotonic() + seconds)
    finally:
        _end(process)
    if process.returncode == -signal.SIGXCPU:
        raise Refusal(TOO_LONG, "too_long")
    return _understood(said, function)


def _heard(process: subprocess.Popen, asked: bytes, *, until: float) -> bytes:
    """All that the process says before it ends."""
    assert process.stdin
    assert process.stdout
    with contextlib.suppress(BrokenPipeError), process.stdin as ear:
        ear.write(asked)
    said = bytearray()
    with selectors.DefaultSelector() as selector, process.stdout as mouth:
        selector.register(mouth, selectors.EVENT_READ)
        while selector.select(max(0.0, until - time.monotonic())):
            if not (part := os.read(mouth.fileno(), MB)):
                return bytes(said)
            said += part
            if len(said) > LONGEST_ANSWER:
                raise Refusal(TOO_BIG, "too_much")
    raise Refusal(TOO_LONG, "too_long")


def _end(process: subprocess.Popen) -> None:
    """Leave nothing behind: the process and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _understood(said: bytes, function: str) -> Any:
    try:
        answer = json.loads(said)
    except ValueError:
        # Aborted by the library, or stopped by a limit in the middle of a word.
        raise Refusal(UNREADABLE, "died") from None
    if "value" in answer:
        return answer["value"]
    if fault := answer.get("fault"):
        logger.warning("Reading a file by %s failed: %s", function, fault)
    raise Refusal(answer["message"], answer["code"])

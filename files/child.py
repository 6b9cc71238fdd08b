"""Reading a file that may be hostile in a process of its own, with little memory, time and speech.

`call` starts a fresh interpreter (no fork of the server, no Django), which imports the named function, takes its
limits and only then opens the file. A library that aborts, hangs or swells takes nobody with it.
"""

import contextlib
import json
import logging
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from files import Refusal

MB = 1024 * 1024
SECONDS = 10
MEMORY = 256 * MB
LONGEST_ANSWER = 64 * MB
TOO_LONG = "Đọc tệp mất quá nhiều thời gian. Bỏ các hàng và cột thừa rồi tải lên lại."
TOO_BIG = "Tệp cần quá nhiều bộ nhớ để đọc. Bỏ các hàng, cột và ảnh thừa rồi tải lên lại."
UNREADABLE = "Không đọc được tệp: tệp hỏng hoặc không đúng định dạng. Mở tệp, lưu lại rồi tải lên."

logger = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent


def call(function: str, path: str | Path, *args: Any, seconds: float = SECONDS, memory: int = MEMORY) -> Any:
    """What `function` ("package.module:name") makes of the file, as JSON. `memory` is in bytes, above the imports'.

    Raises Refusal: the function's own, or that the reader died, took too long, too much memory or said too much.
    """
    asked = {"function": function, "args": [str(path), *args], "seconds": seconds, "memory": memory}
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-m", "files.child"],
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


def _limit(seconds: float, memory: int) -> None:
    """From here on: so much processor time, so much more memory, no file written, no core left."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * resource.getpagesize() + memory
    whole = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(work: Callable[..., Any], args: list[Any]) -> dict[str, Any]:
    try:
        return {"value": work(*args)}
    except Refusal as refused:
        return {"message": refused.message, "code": refused.code}
    except MemoryError:
        return {"message": TOO_BIG, "code": "too_much"}
    except BaseException as fault:  # a library's panic is no Exception; whatever it is, it is the file's
        return {"message": UNREADABLE, "code": "unreadable", "fault": f"{type(fault).__name__}: {fault}"[:500]}


def _main() -> None:
    """The child's side: the work from standard input, the answer to the pipe that nobody else can write to."""
    asked = json.loads(sys.stdin.buffer.read())
    mouth = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    module, _, name = asked["function"].partition(":")
    work = getattr(import_module(module), name)
    _limit(asked["seconds"], asked["memory"])
    with os.fdopen(mouth, "w", encoding="utf-8") as out:
        out.write(json.dumps(_answer(work, asked["args"]), ensure_ascii=True))


if __name__ == "__main__":
    _main()

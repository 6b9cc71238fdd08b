"""Opening a hostile file where it can do no harm: a fresh process with limits, whose death the parent survives.

A reader of workbooks may abort the whole process over a file of 1.4 KB; no exception handler helps against that.
The child imports no Django, inherits no descriptor and no environment (no secrets), writes no byte to any file, and
dies with its time. What it found comes back as JSON on a pipe of limited length.
"""

import json
import logging
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from files import Refusal

MB = 1 << 20
SECONDS = 10.0
MEMORY = 256 * MB
LARGEST_RESULT = 64 * MB
TOO_HEAVY = "Tệp cần quá nhiều bộ nhớ để đọc. Xoá vùng trống có định dạng, chia nhỏ tệp rồi tải lên lại."
TOO_SLOW = "Tệp mất quá nhiều thời gian để đọc. Chia nhỏ tệp rồi tải lên lại."
TOO_LARGE = "Tệp chứa quá nhiều dữ liệu. Chia nhỏ tệp rồi tải lên lại."
UNREADABLE = "Không đọc được tệp. Mở tệp bằng Excel, lưu lại rồi tải lên."
_ROOT = Path(__file__).resolve().parent.parent
_OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGALRM}
_CHUNK = 1 << 16

logger = logging.getLogger(__name__)


def call(
    function: str,
    path: str | os.PathLike[str],
    *args: Any,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    largest: int = LARGEST_RESULT,
) -> Any:
    """What `function` ("package.module:name") returns for the file, computed in a process of its own.

    `args` and the result are JSON. `memory` is bytes beyond what the child needs without the file; `largest` bounds
    the result. Raises Refusal: the function's own, or for death, silence beyond `seconds` and too long a result.
    """
    order = json.dumps([function, os.fspath(path), list(args), seconds, memory])
    deadline = time.monotonic() + seconds
    child = subprocess.Popen(
        [sys.executable, "-s", "-B", "-m", "files.child", order],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        told = _heard(child, deadline, largest)
        child.wait(max(0.05, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise Refusal(TOO_SLOW, code="too_slow") from None
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    return _understood(told, child.returncode, function)


def _heard(child: subprocess.Popen, deadline: float, largest: int) -> bytearray:
    """All that the child says until it closes the pipe; Refusal where it says too much or nothing in time."""
    assert child.stdout
    pipe, told = child.stdout.fileno(), bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise Refusal(TOO_SLOW, code="too_slow")
        said = os.read(pipe, _CHUNK)
        if not said:
            return told
        told += said
        if len(told) > largest:
            raise Refusal(TOO_LARGE, code="too_large")


def _understood(told: bytearray, status: int, function: str) -> Any:
    """The result, or the Refusal that the child's words or its death stand for."""
    if status in _OUT_OF_TIME:
        raise Refusal(TOO_SLOW, code="too_slow")
    if status != 0:
        raise Refusal(TOO_HEAVY, code="too_heavy")
    answer = json.loads(told)
    if "refused" in answer:
        message, code = answer["refused"]
        raise Refusal(message, code=code)
    if "fault" in answer:
        logger.warning("%s failed over a file: %s", function, answer["fault"])
        raise Refusal(UNREADABLE, code="unreadable")
    return answer["result"]


def _work(order: str) -> None:
    """The child's side: limits first, then the file, then one JSON document on what was standard output."""
    function, path, args, seconds, memory = json.loads(order)
    # What a library prints must not be taken for the answer.
    pipe = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    module, name = function.split(":")
    wanted = getattr(import_module(module), name)
    _limit(seconds, memory)
    answer = json.dumps(_answer(wanted, path, args), ensure_ascii=False, separators=(",", ":"))
    with os.fdopen(pipe, "w", encoding="utf-8", errors="replace") as out:
        out.write(answer)
    os._exit(0)  # nothing to tidy up, and a large table takes its time to be forgotten


def _answer(wanted: Callable[..., Any], path: str, args: list[Any]) -> dict[str, Any]:
    try:
        return {"result": wanted(path, *args)}
    except Refusal as refusal:
        return {"refused": [refusal.message, refusal.code]}
    except MemoryError:
        return {"refused": [TOO_HEAVY, "too_heavy"]}
    except BaseException as fault:  # a panic of a native reader is no Exception
        return {"fault": f"{type(fault).__name__}: {fault}"[:500]}


def _limit(seconds: float, memory: int) -> None:
    """Memory beyond what stands now, processor and wall time, no file written, no core left behind."""
    whole = max(1, int(seconds + 0.999))
    for name, bound in (
        (resource.RLIMIT_AS, _size() + memory),
        (resource.RLIMIT_CPU, whole),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(name, (bound, bound))
    # Should the parent be gone by then, nobody else would end this process.
    signal.alarm(whole)


def _size() -> int:
    """Bytes of address space that this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    _work(sys.argv[1])

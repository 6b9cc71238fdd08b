"""The child's side of `files.child`: little is imported, since a process is started for every file."""

import json
import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from files import Refusal

TOO_BIG = "Tệp cần quá nhiều bộ nhớ để đọc. Bỏ các hàng, cột và ảnh thừa rồi tải lên lại."
UNREADABLE = "Không đọc được tệp: tệp hỏng hoặc không đúng định dạng. Mở tệp, lưu lại rồi tải lên."


def _limit(seconds: float, memory: int) -> None:
    """From here on: so much processor time, so much more memory, no file written, no core left."""
    with open("/proc/self/statm") as told:
        pages = int(told.read().split()[0])
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

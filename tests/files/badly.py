"""What a child may do at its worst; run by tests/files/test_child.py in a child."""

import os
import sys
import time
from pathlib import Path

from files import Refusal


def echo(path: str, word: str) -> list[str]:
    return [Path(path).name, word]


def refuse(path: str) -> None:
    raise Refusal("Không nhận.", code="no")


def die(path: str) -> None:
    os.abort()


def sleep(path: str) -> None:
    time.sleep(60)


def spin(path: str) -> None:
    while True:
        pass


def eat(path: str) -> int:
    return len(bytearray(300 << 20))


def shout(path: str) -> str:
    return "a" * (2 << 20)


def print_much(path: str) -> str:
    sys.stdout.write("not the answer")
    sys.stdout.flush()
    return "answer"


def fail(path: str) -> None:
    raise KeyError("x")


def write(path: str) -> None:
    with Path(path).open("a") as opened:
        opened.write("changed")


def look_around(path: str) -> dict:
    return {
        "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd")),
        "environment": sorted(os.environ),
        "django": "django" in sys.modules,
    }

"""Two things timed in turn, so that whatever else the machine does falls on both."""

import time
from collections.abc import Callable
from dataclasses import dataclass

WARM_UP = 3


class NotRun(Exception):
    """This measure cannot be taken here; the message says why."""


@dataclass(frozen=True)
class Pair:
    """A measure beside its floor; `prepare` makes both ready for that many turns and may raise NotRun."""

    prepare: Callable[[int], tuple[Callable[[], object], Callable[[], object]]]


def in_turn(pair: Pair, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of the measure and of its floor, in turn `rounds` times, after a few untimed turns; NotRun passes."""
    subject, floor = pair.prepare(rounds + WARM_UP)
    times = [_turn(subject, floor, first=number % 2 == 0) for number in range(rounds + WARM_UP)][WARM_UP:]
    return [each[0] for each in times], [each[1] for each in times]


def _turn(subject: Callable[[], object], floor: Callable[[], object], *, first: bool) -> tuple[float, float]:
    if first:
        return seconds(subject), seconds(floor)
    floor_time = seconds(floor)
    return seconds(subject), floor_time


def seconds(call: Callable[[], object]) -> float:
    """How long the call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began

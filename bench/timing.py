"""Two things timed in turn, so that whatever else the machine does falls on both."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

WARM_UP = 3


class NotRun(Exception):
    """This measure cannot be taken here; the message says why."""


@dataclass(frozen=True)
class Pair:
    """A measure beside its floor; `prepare` makes both ready and may raise NotRun. `aim` is a ratio, for the reader."""

    name: str
    floor_name: str
    aim: float
    prepare: Callable[[int], tuple[Callable[[], object], Callable[[], object]]]


@dataclass(frozen=True)
class Result:
    """Medians and the 95th percentile in milliseconds; `ratio` is the median of the measure over that of its floor."""

    name: str
    floor_name: str
    aim: float
    rounds: int = 0
    median_ms: float | None = None
    p95_ms: float | None = None
    floor_ms: float | None = None
    ratio: float | None = None
    not_run: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(pair: Pair, rounds: int) -> Result:
    """Time the pair in turn `rounds` times, after a few untimed turns; a pair that cannot run says so."""
    try:
        subject, floor = pair.prepare(rounds + WARM_UP)
        times = [_turn(subject, floor, first=number % 2 == 0) for number in range(rounds + WARM_UP)][WARM_UP:]
    except NotRun as reason:
        return Result(pair.name, pair.floor_name, pair.aim, not_run=str(reason))
    return result(pair, [each[0] for each in times], [each[1] for each in times])


def result(pair: Pair, subject: list[float], floor: list[float]) -> Result:
    """The figures of two lists of seconds."""
    ordered = sorted(subject)
    return Result(
        name=pair.name,
        floor_name=pair.floor_name,
        aim=pair.aim,
        rounds=len(subject),
        median_ms=round(median(subject) * 1000, 3),
        p95_ms=round(ordered[int(0.95 * (len(ordered) - 1))] * 1000, 3),
        floor_ms=round(median(floor) * 1000, 3),
        ratio=round(median(subject) / median(floor), 2),
    )


def _turn(subject: Callable[[], object], floor: Callable[[], object], *, first: bool) -> tuple[float, float]:
    if first:
        return _seconds(subject), _seconds(floor)
    floor_time = _seconds(floor)
    return _seconds(subject), floor_time


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began

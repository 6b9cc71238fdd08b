"""What a group of measures hands back: figures by id, without name, goal or verdict (bench.goals)."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.timing import NotRun

Seconds = list[float]


@dataclass
class Figure:
    """A measure beside its floor, in the goal's unit; `ratio` is the quotient. `notes` holds further figures.

    A `fault` (a deadlock) fails the goal whatever the time was.
    """

    value: float | None = None
    floor: float | None = None
    ratio: float | None = None
    rounds: int = 0
    not_run: str = ""
    fault: str = ""
    notes: dict[str, object] = field(default_factory=dict)


def against(subject: Seconds, floor: Seconds, **notes: object) -> Figure:
    """Medians in milliseconds and their ratio."""
    value, least = median(subject), median(floor)
    return Figure(ms(value), ms(least), round(value / least, 3), len(subject), notes=notes)


def ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def percentile(seconds: Seconds, share: float) -> float:
    """The value below which `share` of the list lies, in seconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(seconds: Seconds) -> list[float]:
    """Least and most in milliseconds."""
    return [ms(min(seconds)), ms(max(seconds))]


@dataclass
class Group:
    """One process on one database: which ids are asked of it, how often, and where its figures go."""

    ids: list[str]
    rounds: int
    scale: str
    output: Path
    figures: dict[str, Figure] = field(default_factory=dict)
    circumstances: dict[str, object] = field(default_factory=dict)

    @classmethod
    def from_arguments(cls) -> "Group":
        parser = argparse.ArgumentParser()
        for name in ("ids", "rounds", "scale", "output"):
            parser.add_argument(name)
        given = parser.parse_args()
        return cls(given.ids.split(","), int(given.rounds), given.scale, Path(given.output))

    def wants(self, *ids: str) -> bool:
        return any(each in self.ids for each in ids)

    def take(self, ids: tuple[str, ...], measure: Callable[[], dict[str, Figure]]) -> None:
        """Take a measure that gives some of `ids`, if any of them is asked; say so when it cannot be taken."""
        if not self.wants(*ids):
            return
        say(f"… {', '.join(each for each in ids if each in self.ids)}")
        try:
            found = measure()
        except NotRun as reason:
            found = {each: Figure(not_run=str(reason)) for each in ids}
        self.figures |= {name: figure for name, figure in found.items() if name in self.ids}
        self.write()

    def write(self) -> None:
        """What was measured so far: a later fault loses nothing."""
        report = {
            "figures": {name: asdict(figure) for name, figure in self.figures.items()},
            "circumstances": self.circumstances,
        }
        self.output.write_text(json.dumps(report))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

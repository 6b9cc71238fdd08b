"""Whether a value that can be right looks wrong: a jump against the period before, far from the district.

The limits are data (rulebooks/plausibility.yaml); a flagged value is stored and asks for a note.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent.parent / "rulebooks" / "plausibility.yaml"
# A normal distribution's median absolute deviation in standard deviations: makes spreads comparable to them.
_NORMAL = Decimal("0.6745")


class Flag(IntFlag):
    """What looks wrong. The numbers are those that the database keeps."""

    JUMP = 1
    OUTLIER = 2


_NOTHING = Flag(0)


@dataclass(frozen=True)
class Distance:
    """A distance stated in points, or as a share of what it is measured from."""

    points: Decimal = Decimal(0)
    share: Decimal = Decimal(0)

    def of(self, value: Decimal) -> Decimal:
        """The distance in the unit of `value`."""
        return max(self.points, self.share * abs(value))


@dataclass(frozen=True)
class Limits:
    """Jump and least spread by value type; types without an entry are never flagged."""

    jump: dict[str, Distance]
    least_spread: dict[str, Distance]
    least_peers: int
    spreads: Decimal


@cache
def limits() -> Limits:
    """The limits of the file."""
    data = yaml.safe_load(_FILE.read_text())
    outlier = data["outlier"]
    return Limits(
        jump=_distances(data["jump"]),
        least_spread=_distances(outlier["least_spread"]),
        least_peers=int(outlier["least_peers"]),
        spreads=Decimal(str(outlier["spreads"])),
    )


def _distances(data: dict[str, dict[str, Any]]) -> dict[str, Distance]:
    return {
        kind: Distance(**{name: Decimal(str(number)) for name, number in stated.items()})
        for kind, stated in data.items()
    }


def flags(value: Decimal | None, value_type: str, *, before: Decimal | None, peers: Sequence[Decimal]) -> Flag:
    """What looks wrong about `value`: `before` is the period before, `peers` the other units of the district."""
    found = _NOTHING
    if value is None:
        return found
    if before is not None and _jumps(value, before, value_type):
        found |= Flag.JUMP
    if _lies_far_out(value, peers, value_type):
        found |= Flag.OUTLIER
    return found


def _jumps(value: Decimal, before: Decimal, value_type: str) -> bool:
    allowed = limits().jump.get(value_type)
    return allowed is not None and abs(value - before) > allowed.of(before)


def _lies_far_out(value: Decimal, peers: Sequence[Decimal], value_type: str) -> bool:
    known = limits()
    least = known.least_spread.get(value_type)
    if least is None or len(peers) < known.least_peers:
        return False
    median = statistics.median(peers)
    distance = abs(value - median)
    # Most values lie within the least spread: theirs need not be worked out.
    if distance <= known.spreads * least.of(median):
        return False
    deviation = statistics.median(abs(peer - median) for peer in peers)
    return distance > known.spreads * deviation / _NORMAL

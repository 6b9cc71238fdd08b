"""Chance without a clock or a state: the same key gives the same number on every machine."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

Item = TypeVar("Item")


def fraction(*key: object) -> float:
    """A number from 0 (included) to 1 (excluded) that belongs to `key`."""
    digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pick(items: Sequence[Item], *key: object) -> Item:
    """One of `items`, chosen by `key`."""
    return items[int(fraction(*key) * len(items))]


def between(low: Decimal, high: Decimal, *key: object, step: str = "0.1") -> Decimal:
    """A number from `low` to `high`, in whole steps."""
    share = Decimal(str(round(fraction(*key), 6)))
    return (low + (high - low) * share).quantize(Decimal(step))


def split(total: int, parts: int, unit: int, *key: object) -> list[int]:
    """`total` cut into `parts` positive whole numbers: all but the last are multiples of `unit`, the sum is exact."""
    weights = [0.4 + fraction(*key, number) for number in range(parts)]
    shares = [max(unit, int(total * weight / sum(weights)) // unit * unit) for weight in weights[:-1]]
    return [*shares, total - sum(shares)]

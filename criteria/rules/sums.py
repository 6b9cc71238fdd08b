"""Sums that must add up: a value stated as the whole of others, by the rulebook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

EQUAL, AT_MOST = "equal", "at_most"


class Amount(NamedTuple):
    """A value as it stands: none yet, or not applying, which counts as nothing in a sum."""

    value: Decimal | None
    not_applicable: bool = False


@dataclass(frozen=True)
class Sum:
    """The input `total` and its parts, by code. `rule`: equal, or at_most (the parts do not exceed it)."""

    total: str
    parts: tuple[str, ...]
    rule: str

    @classmethod
    def stated(cls, total: str, said: Mapping[str, Any]) -> "Sum":
        """The sum as the rulebook states it beside its total."""
        return cls(total, tuple(said["codes"]), str(said["rule"]))

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Broken:
    """A sum that does not add up."""

    sum: Sum
    total: Decimal
    parts: Decimal

    @property
    def difference(self) -> Decimal:
        return abs(self.parts - self.total)


def broken(stated: Iterable[Sum], amounts: Mapping[str, Amount]) -> list[Broken]:
    """The sums that do not add up. One whose total or any part is not there yet says nothing."""
    return [found for each in stated if (found := _checked(each, amounts))]


def _checked(stated: Sum, amounts: Mapping[str, Amount]) -> Broken | None:
    total = amounts.get(stated.total, Amount(None))
    parts = [amounts.get(code, Amount(None)) for code in stated.parts]
    if total.value is None or any(part.value is None and not part.not_applicable for part in parts):
        return None
    added = sum((part.value for part in parts if part.value is not None), Decimal(0))
    holds = added == total.value if stated.rule == EQUAL else added <= total.value
    return None if holds else Broken(stated, total.value, added)

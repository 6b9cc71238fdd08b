"""One plausible value for one input: just what a threshold asks for, or just short of it."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from criteria.models import Input
from reports.seed.chance import between, fraction

ONE, HUNDRED = Decimal(1), Decimal(100)
TENTH = Decimal("0.1")


def value_for(entry: Input, threshold: Decimal | None, *, meets: bool, key: tuple[object, ...]) -> Decimal | None:
    """A value that meets the threshold or fails it, by type; None where no threshold is known."""
    if threshold is None:
        return None
    if entry.value_type == Input.ValueType.BOOLEAN:
        return ONE if meets else Decimal(0)
    low, high = _range(entry, threshold, meets)
    if entry.value_type == Input.ValueType.COUNT:
        return _whole(low, high, key)
    return min(max(between(low, high, *key), low), high)


def _range(entry: Input, threshold: Decimal, meets: bool) -> tuple[Decimal, Decimal]:
    """The lowest and the highest value to choose from."""
    below = entry.operator == Input.Operator.AT_MOST
    if below != meets:  # at least, and met; or at most, and not met
        start = threshold if meets else threshold + max(TENTH, threshold / 10)
        end = start + max(ONE, threshold * Decimal("0.18"))
    else:
        end = threshold if meets else threshold - max(TENTH, threshold / 50)
        start = end - max(ONE, threshold * Decimal("0.3" if meets else "0.12"))
    top = HUNDRED if entry.value_type == Input.ValueType.PERCENT else Decimal("Infinity")
    return max(Decimal(0), min(start, top)), max(Decimal(0), min(end, top))


def _whole(low: Decimal, high: Decimal, key: tuple[object, ...]) -> Decimal:
    first, last = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    if last < first:
        return max(Decimal(0), last)
    return first + int(Decimal(str(fraction(*key))) * (last - first + 1))

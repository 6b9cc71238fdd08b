"""The verdict of one value against one threshold, three-valued."""

from collections.abc import Iterable
from decimal import Decimal
from enum import IntEnum


class Verdict(IntEnum):
    """The numbers are those that the database keeps."""

    UNDETERMINED = 0
    MET = 1
    NOT_MET = 2
    NOT_APPLICABLE = 3


def resolve(value: Decimal | None, not_applicable: bool, operator: str, threshold: Decimal | None) -> Verdict:
    """Undetermined without a value or without a known threshold: never met, never shown as failed.

    `operator` is ">=", "<=" or "is_true" (1 is yes). Values and thresholds share the input's unit.
    """
    if not_applicable:
        return Verdict.NOT_APPLICABLE
    if value is None or threshold is None:
        return Verdict.UNDETERMINED
    return Verdict.MET if _holds(value, operator, threshold) else Verdict.NOT_MET


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Three-valued AND of the inputs of an indicator, or of the indicators of a criterion.

    One that fails decides; else one that is open leaves all open; those that do not apply do not count.
    """
    found = set(verdicts)
    for decisive in (Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.MET):
        if decisive in found:
            return decisive
    return Verdict.NOT_APPLICABLE if found else Verdict.UNDETERMINED


def _holds(value: Decimal, operator: str, threshold: Decimal) -> bool:
    if operator == "<=":
        return value <= threshold
    if operator in (">=", "is_true"):
        return value >= threshold
    raise ValueError(f"Unknown operator: {operator!r}")

"""What the approval of one value changes in the masks of its unit. Pure: bits and verdicts in, bits and verdict out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from criteria.rules.verdicts import Verdict


@dataclass(frozen=True)
class Standing:
    """A unit by its criteria and conditions, as bit masks; what fails is not in the open mask."""

    failing: int
    open: int
    conditions_failing: int
    conditions_open: int
    total: int  # criteria

    @property
    def met(self) -> int:
        """How many criteria are met."""
        return self.total - self.failing.bit_count() - self.open.bit_count()

    @property
    def verdict(self) -> Verdict:
        if self.failing or self.conditions_failing:
            return Verdict.NOT_MET
        return Verdict.UNDETERMINED if self.open or self.conditions_open else Verdict.MET

    def with_criterion(self, bit: int, verdict: Verdict, *, is_condition: bool) -> "Standing":
        """The same unit with one criterion (or condition) found otherwise."""
        fails, is_open = verdict is Verdict.NOT_MET, verdict is Verdict.UNDETERMINED
        if is_condition:
            return replace(
                self,
                conditions_failing=_set(self.conditions_failing, bit, fails),
                conditions_open=_set(self.conditions_open, bit, is_open),
            )
        return replace(self, failing=_set(self.failing, bit, fails), open=_set(self.open, bit, is_open))


def criterion_of(values: Iterable[tuple[bool, Verdict]], *, is_complete: bool) -> Verdict:
    """The verdict of a criterion from (approved, verdict) of its values: one approved failure decides, what is not
    approved leaves it open, and so do indicators that are not known."""
    found = [verdict if approved else Verdict.UNDETERMINED for approved, verdict in values]
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNDETERMINED if Verdict.UNDETERMINED in found or not is_complete else Verdict.MET


def _set(mask: int, bit: int, is_on: bool) -> int:
    return mask | 1 << bit if is_on else mask & ~(1 << bit)

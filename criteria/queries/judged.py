"""A value in words beside the period before and its threshold: what every row and every page says the same way."""

from decimal import Decimal

from criteria.models import Reading, Threshold
from criteria.queries import wording


class Judged:
    """The words of a value, for the dataclasses of rows and pages."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

    @property
    def before(self) -> str:
        return wording.shown_reading(self.previous)

    @property
    def requirement(self) -> str:
        return wording.requirement(self.reading.input, self.threshold)

    @property
    def gap(self) -> str:
        return wording.gap(self.reading.input, self.reading.value, self.threshold)

    @property
    def change(self) -> str:
        return wording.change(self.reading.input, self.reading.value, self._value_before)

    @property
    def flags(self) -> list[str]:
        return wording.flags(self.reading, self._value_before)

    @property
    def _value_before(self) -> Decimal | None:
        return self.previous.value if self.previous else None

    @property
    def is_empty(self) -> bool:
        return self.reading.value is None and not self.reading.not_applicable

    @property
    def why_open(self) -> str:
        """Why there is no verdict, if there is none."""
        return "no_value" if self.is_empty else "no_threshold" if self.threshold is None else ""

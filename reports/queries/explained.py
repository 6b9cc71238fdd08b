"""The shape of an explanation: a set unfolded into criteria, indicators and values."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from criteria.models import (
    Assessment,
    Attainment,
    CriteriaSet,
    Criterion,
    Indicator,
    Input,
    Reading,
    State,
    Threshold,
    Verdict,
)
from criteria.queries import wording

_TENTH = Decimal("0.1")
HOLDS = (Verdict.MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class Taken:
    """A step taken on a value: the word, who (a name or, for the public, the role) and when."""

    word: str
    who: str
    at: dt.datetime


def rounded_share(entry: Input, value: Decimal | None) -> Decimal | None:
    """A share that the portal counts, with one decimal; a value that a person entered stays as it is."""
    if value is None or entry.rule.get("kind") != "share":
        return value
    return value.quantize(_TENTH, rounding=ROUND_HALF_UP)


def shown_value(reading: Reading | None) -> str:
    """The value for reading; no reading at all is a dash."""
    if reading is None:
        return wording.NO_VALUE
    return wording.shown(reading.input, rounded_share(reading.input, reading.value), reading.not_applicable)


@dataclass
class Value:
    """One input of the unit. `reading` is None where the reader may not see it yet."""

    entry: Input
    reading: Reading | None
    threshold: Threshold | None
    previous: Reading | None = None
    steps: list[Taken] = field(default_factory=list)
    in_scope: bool = False  # whether the reader may see persons and evidence

    @property
    def counts(self) -> bool:
        """Only approved values count."""
        return self.reading is not None and self.reading.state == State.APPROVED

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.reading.verdict) if self.reading and self.counts else Verdict.UNDETERMINED

    @property
    def is_empty(self) -> bool:
        return self.reading is None or (self.reading.value is None and not self.reading.not_applicable)

    @property
    def reason(self) -> str:
        """Why the verdict is open: no_value, no_threshold or, where it is a draft, no_value."""
        if self.verdict != Verdict.UNDETERMINED:
            return ""
        return "no_threshold" if self.counts and not self.is_empty and self.threshold is None else "no_value"

    @property
    def number(self) -> Decimal | None:
        return self.reading.value if self.reading else None

    @property
    def shown(self) -> str:
        return shown_value(self.reading) if self.reading and not self.is_empty else ""

    @property
    def unit(self) -> str:
        """The unit where the figure does not carry it (per cent does)."""
        unit = wording.unit(self.entry)
        return "" if unit == "%" else unit

    @property
    def requirement(self) -> str:
        return wording.requirement(self.entry, self.threshold)

    @property
    def gap(self) -> str:
        rounded = wording.gap(self.entry, rounded_share(self.entry, self.number), self.threshold)
        return rounded or wording.gap(self.entry, self.number, self.threshold)

    @property
    def change(self) -> str:
        return wording.change(self.entry, self.number, self.previous.value if self.previous else None)

    @property
    def before(self) -> str:
        return shown_value(self.previous)

    @property
    def state(self) -> str:
        """Where a value stands that does not count yet."""
        return "" if self.counts or self.reading is None else wording.state(self.reading)

    @property
    def rule(self) -> dict[str, Any]:
        """How the portal computes the value; empty where a person enters it."""
        return self.entry.rule

    @property
    def detail(self) -> dict[str, Any]:
        """What a computed value counts."""
        return (self.reading.detail or {}) if self.reading else {}

    @property
    def is_percent(self) -> bool:
        return self.entry.value_type == Input.ValueType.PERCENT


@dataclass
class IndicatorRow:
    """An indicator holds when all its values hold; one that fails makes it fail."""

    indicator: Indicator
    values: list[Value]

    @property
    def verdict(self) -> Verdict:
        found = [value.verdict for value in self.values]
        if not found:
            return Verdict.UNDETERMINED
        if Verdict.NOT_MET in found:
            return Verdict.NOT_MET
        if Verdict.UNDETERMINED in found:
            return Verdict.UNDETERMINED
        return Verdict.NOT_APPLICABLE if set(found) == {Verdict.NOT_APPLICABLE} else Verdict.MET

    @property
    def reason(self) -> str:
        """The reason of the first open value; `no_threshold` before `no_value`."""
        reasons = [value.reason for value in self.values if value.reason]
        return "no_threshold" if "no_threshold" in reasons else reasons[0] if reasons else "no_value"

    @property
    def dot(self) -> str:
        """The sign of the row of dots."""
        if self.verdict == Verdict.UNDETERMINED:
            return "open" if self.reason == "no_threshold" else "nil"
        return {Verdict.MET: "ok", Verdict.NOT_MET: "bad", Verdict.NOT_APPLICABLE: "na"}[self.verdict]


@dataclass
class CriterionRow:
    """A criterion with its verdict from the unit's attainment."""

    criterion: Criterion
    indicators: list[IndicatorRow]
    verdict: Verdict

    @property
    def met(self) -> int:
        return sum(row.verdict in HOLDS for row in self.indicators)

    @property
    def total(self) -> int:
        return len(self.indicators)

    @property
    def failing(self) -> list[IndicatorRow]:
        return [row for row in self.indicators if row.verdict == Verdict.NOT_MET]

    @property
    def holding(self) -> list[IndicatorRow]:
        return [row for row in self.indicators if row.verdict in HOLDS]

    @property
    def open(self) -> list[IndicatorRow]:
        return [row for row in self.indicators if row.verdict == Verdict.UNDETERMINED]

    @property
    def reason(self) -> str:
        """Why an open criterion is open."""
        if not self.criterion.is_complete:
            return "incomplete"
        reasons = {row.reason for row in self.open}
        return "no_threshold" if reasons == {"no_threshold"} else "no_value"


@dataclass
class Explanation:
    """A set unfolded for one unit and period. `rows` are the criteria; conditions stand apart."""

    assessment: Assessment
    criteria_set: CriteriaSet
    attainment: Attainment
    rows: list[CriterionRow]
    conditions: list[CriterionRow]
    recognition: list[CriterionRow]
    is_illustrative: bool
    region: str = ""

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.attainment.verdict)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def every(self) -> list[CriterionRow]:
        return self.rows + self.conditions + self.recognition

    @property
    def failing(self) -> list[CriterionRow]:
        return [row for row in self.every if row.verdict == Verdict.NOT_MET]

    @property
    def open(self) -> list[CriterionRow]:
        return [row for row in self.every if row.verdict == Verdict.UNDETERMINED]

    @property
    def holding(self) -> list[CriterionRow]:
        return [row for row in self.every if row.verdict in HOLDS]

    @property
    def failing_indicators(self) -> int:
        return sum(len(row.failing) for row in self.rows)

    @property
    def failing_conditions(self) -> int:
        """Conditions of attainment that fail: they make the unit fail as a criterion does."""
        return sum(row.verdict == Verdict.NOT_MET for row in self.conditions)

    @property
    def open_indicators(self) -> int:
        return sum(len(row.open) for row in self.rows)

    @property
    def groups(self) -> list[tuple[str, list[CriterionRow]]]:
        """Criteria under the headings of the law, in its order."""
        found: dict[str, list[CriterionRow]] = {}
        for row in self.rows:
            heading = ". ".join(filter(None, (row.criterion.group_code, row.criterion.group_name)))
            found.setdefault(heading, []).append(row)
        return list(found.items())

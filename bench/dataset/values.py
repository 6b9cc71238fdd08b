"""Readings of one folder set, drawn from a seed: rows as the tables keep them.

About four communes in ten meet nearly everything; in the others a value is met and approved four times in five.
"""

import datetime as dt
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bench.dataset import law
from bench.dataset.territory import Province
from criteria.models import CriteriaSet, Input, Period, Reading, State, Threshold
from criteria.models.readings import READING_STEPS
from criteria.rules import verdicts

Row = tuple[object, ...]
STRONG_SHARE = 0.4
# Met, not met, met but on its way: chances in a strong commune and in another.
_STRONG, _OTHER = (0.996, 0.002, 0.002), (0.80, 0.12, 0.08)
_STEPS = tuple(f"{step}_{part}" for step in READING_STEPS for part in ("by_id", "at"))
COLUMNS = (
    "assessment_id",
    "input_id",
    "value",
    "not_applicable",
    "verdict",
    "threshold_id",
    "state",
    "version",
    "origin",
    "note",
    "source",
    "detail",
    "is_illustrative",
    "return_reason",
    *_STEPS,
)
_VARIANTS = 6


@dataclass(frozen=True)
class Choice:
    """What one input may hold in one round: rows without their folder, met, not met and on the way."""

    met: list[Row]
    not_met: list[Row]
    waiting: list[Row]

    def draw(self, chance: random.Random, weights: tuple[float, ...]) -> Row:
        met, not_met, _ = weights
        point = chance.random()
        rows = self.met if point < met else self.not_met if point < met + not_met else self.waiting
        return rows[int(point * 1e6) % len(rows)]


@dataclass(frozen=True)
class People:
    """Who took which step, in the order of the procedure."""

    by_step: dict[str, int]


def rows(
    *, criteria_set: CriteriaSet, province: Province, period: Period, folders: list[int], people: People, seed: str
) -> Iterator[list[Row]]:
    """The rows of each folder in turn; `folders` are assessment ids in the order of the province's communes."""
    chance = random.Random(f"{seed}/{criteria_set.slug}/{province.area.code}/{period.code}")
    resolver = law.resolver(criteria_set, province, period)
    unit = province.communes[0].pk
    choices = [
        _choice(entry, resolver.threshold_for(entry, unit), period, people) for entry in law.inputs_of(criteria_set)
    ]
    strong = random.Random(f"{seed}/{province.area.code}")
    for folder in folders:
        weights = _STRONG if strong.random() < STRONG_SHARE else _OTHER
        yield [(folder, *choice.draw(chance, weights)) for choice in choices]


def _choice(entry: Input, threshold: Threshold | None, period: Period, people: People) -> Choice:
    if entry.derived:
        row = _row(entry, None, threshold, State.DRAFT, period, people)
        return Choice([row], [row], [row])
    level = threshold.value if threshold else Decimal(0)
    good, bad = _values(entry, level)
    waiting = [_row(entry, value, threshold, state, period, people) for value in good[:2] for state in _ON_THE_WAY]
    met = [_row(entry, value, threshold, State.APPROVED, period, people) for value in good]
    return Choice(met, [_row(entry, value, threshold, State.APPROVED, period, people) for value in bad], waiting)


_ON_THE_WAY = (State.SUBMITTED, State.VERIFIED, State.APPRAISED)


def _values(entry: Input, level: Decimal) -> tuple[list[Decimal], list[Decimal]]:
    """Values on either side of the level."""
    if entry.operator == Input.Operator.IS_TRUE:
        return [Decimal(1)], [Decimal(0)]
    above = [level + Decimal(n) / 4 for n in range(_VARIANTS)]
    below = [level - Decimal(n) / 4 for n in range(1, _VARIANTS)]
    if entry.value_type == Input.ValueType.PERCENT:
        above = [min(value, max(level, Decimal(100))) for value in above]
    if entry.operator == Input.Operator.AT_MOST:
        return [level, *below], above[1:]
    return above, below


def _row(
    entry: Input, value: Decimal | None, threshold: Threshold | None, state: State, period: Period, people: People
) -> Row:
    verdict = verdicts.resolve(value, False, entry.operator, threshold.value if threshold else None)
    derived = bool(entry.derived)
    origin = Reading.Origin.DERIVED if derived else Reading.Origin.GENERATED
    return (
        entry.pk,
        value,
        False,
        int(verdict),
        threshold.pk if threshold else None,
        int(state),
        1 if derived else 5,
        str(origin),
        "",
        "",
        json.dumps({"set": entry.rule.get("set")}) if derived else None,
        False,
        "",
        *(part for step in READING_STEPS for part in _step(step, state, period, people, derived)),
    )


_TAKEN_FROM = {
    "entered": State.DRAFT,
    "submitted": State.SUBMITTED,
    "verified": State.VERIFIED,
    "appraised": State.APPRAISED,
    "approved": State.APPROVED,
}


def _step(step: str, state: State, period: Period, people: People, derived: bool) -> tuple[int | None, str | None]:
    if derived or state < _TAKEN_FROM[step]:
        return None, None
    day = dt.datetime.combine(period.ends_on, dt.time(8), dt.UTC) - dt.timedelta(days=30)
    return people.by_step[step], (day + dt.timedelta(days=int(_TAKEN_FROM[step]))).isoformat(sep=" ")

"""The province's own sets: the ten criteria of its pilot scheme, and the conditions of completing the task."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor
from criteria.models import Assessment, Attainment, CriteriaSet, Criterion, Indicator, Period, Reading, State, Verdict
from criteria.queries.scope import readings_in_scope
from criteria.resolving import resolver_for
from reports.queries.charts import Number, Spark, spark
from reports.queries.explain import verdict_of
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.results import Result
from reports.queries.standpoint import Standpoint

PILOT, COMPLETED = "pilot", "completed"


@dataclass(frozen=True)
class Scheme:
    """The criteria of a set with their verdicts, one column a period."""

    periods: tuple[Period, ...]
    rows: list[tuple[Criterion, tuple[Verdict, ...]]]
    met: tuple[int, ...]
    is_illustrative: bool

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def first_met(self) -> int:
        """Met in the first period shown (the official one, where there is one)."""
        return self.met[0] if self.met else 0

    @property
    def remaining(self) -> int:
        return self.total - self.first_met


def scheme(standpoint: Standpoint, found: list[Result], law: dict[int, list[Indicator]]) -> Scheme | None:
    """The pilot's criteria in the periods shown, from what was read; None before any round of it was opened."""
    by_period = {row.period_id: row for row in found if row.level == "province" and row.tier == PILOT}
    periods = tuple(period for period in standpoint.shown if period.pk in by_period)
    if not periods:
        return None
    rows = [by_period[period.pk] for period in periods]
    criteria = {row.criterion_id: row.criterion for row in law[rows[-1].criteria_set_id]}.values()
    counted = [row for row in criteria if row.role == Criterion.Role.CRITERION]
    return Scheme(
        periods=periods,
        rows=[(criterion, tuple(row.verdict_of(criterion) for row in rows)) for criterion in counted],
        met=tuple(row.met for row in rows),
        is_illustrative=any(row.is_illustrative for row in rows),
    )


@dataclass(frozen=True)
class Condition:
    """A condition with the value that decides it. Shares say both denominators and the share by criteria.

    `trend` are its approved values by closed year, the oldest first; `planned` what the plan of a year promises of it.
    """

    row: CriterionRow
    value: Value | None
    trend: list[tuple[str, Number]] = field(default_factory=list)
    blocked: str = ""
    planned: str = ""

    @property
    def rule(self) -> dict:
        """How the portal derives the value; empty for a value that a person enters."""
        return (self.value.entry.derived or {}) if self.value else {}

    @property
    def detail(self) -> dict:
        return (self.value.reading.detail or {}) if self.value and self.value.reading else {}

    @property
    def recognised(self) -> int | None:
        return self.detail.get("recognised")

    @property
    def attained(self) -> int | None:
        return self.detail.get("attained")

    @property
    def registered(self) -> int | None:
        return self.detail.get("registered")

    @property
    def stated(self) -> int | None:
        return (self.detail.get("stated") or {}).get("value")

    @property
    def base(self) -> int | None:
        """The denominator that the share uses: the published one where there is one."""
        return self.stated or self.registered

    @property
    def bar(self) -> tuple[float, float] | None:
        """Value and threshold in per cent of the bar's length."""
        if not self.value or not self.value.counts or self.value.number is None or self.value.threshold is None:
            return None
        number, bound = float(self.value.number), float(self.value.threshold.value)
        most = 100.0 if self.value.is_percent else max(number, bound, 1.0)
        return min(100.0, number / most * 100), bound / most * 100

    @property
    def spark(self) -> Spark | None:
        """Its course; shares are drawn from 0 to 100, other measures from 0 to the larger of value and threshold."""
        bound = self.value.threshold.value if self.value and self.value.threshold else 0
        largest = max([1.0, float(bound), *(float(number) for _, number in self.trend)])
        return spark(self.trend, least=0, most=100 if self.value and self.value.is_percent else largest)

    @property
    def missing_units(self) -> int | None:
        """How many more units must be recognised before the share suffices."""
        if self.recognised is None or not self.base or self.value is None or self.value.threshold is None:
            return None
        needed = -(-self.value.threshold.value * self.base // 100)
        return max(0, int(needed) - self.recognised)


@dataclass(frozen=True)
class Conditions:
    """`decided_by`: the day by which decisions count in the shares: the closing, while the round is closed."""

    criteria_set: CriteriaSet
    rows: list[Condition]
    decided_by: dt.date | None

    @property
    def met(self) -> int:
        return sum(row.row.verdict == Verdict.MET for row in self.rows)

    @property
    def total(self) -> int:
        return len(self.rows)


def conditions(standpoint: Standpoint, user: Actor) -> Conditions | None:
    """The conditions of Decision 321 in the page's own period with their past: three statements for a visitor.

    None before a round of them was opened. Values on their way are for those in whose scope they are.
    """
    readings = _readings(standpoint)
    now = [row for row in readings if row.assessment.round.period_id == standpoint.period_id]
    if not now:
        return None
    folder: Assessment = now[-1].assessment
    seen = _seen(user, folder)
    resolver = resolver_for(folder.round, folder.area)
    past: dict[int, list[Reading]] = defaultdict(list)
    for row in readings:
        if row.state == State.APPROVED:
            past[row.input_id].append(row)
    rows = []
    for reading in now:
        visible = reading if reading.state == State.APPROVED or reading.pk in seen else None
        before = [row for row in past[reading.input_id] if row.pk != reading.pk]
        threshold = reading.threshold or resolver.threshold_for(reading.input, folder.area_id)
        value = Value(reading.input, visible, threshold, previous=before[-1] if before else None)
        rows.append(_condition(value, folder.attainment, _closed(past[reading.input_id], standpoint)))
    return Conditions(folder.round.criteria_set, rows, folder.round.closed_on)


def _closed(past: list[Reading], standpoint: Standpoint) -> list[tuple[str, Number]]:
    """Values of closed years: an open one would be compared with whole ones."""
    periods = ((row.assessment.round.period, row.value) for row in past if row.value is not None)
    return [(str(period.year), value) for period, value in periods if period.pk not in standpoint.open_periods]


def _condition(value: Value, attained: Attainment, trend: list[tuple[str, Number]]) -> Condition:
    indicator = value.entry.indicator
    row = CriterionRow(
        indicator.criterion, [IndicatorRow(indicator, [value])], verdict_of(indicator.criterion, attained)
    )
    return Condition(row, value, trend)


def _readings(standpoint: Standpoint) -> list[Reading]:
    """The province's values in the set, period by period up to the page's own, in the order of the law."""
    if standpoint.period is None:
        return []
    rows = Reading.objects.filter(
        assessment__area__level="province",
        assessment__area__code=settings.PROVINCE_CODE,
        assessment__round__criteria_set__tier=COMPLETED,
        assessment__round__period__ends_on__lte=standpoint.period.ends_on,
        assessment__attainment__isnull=False,
        input__indicator__criterion__role__in=(Criterion.Role.CRITERION, Criterion.Role.CONDITION),
    )
    return list(
        rows.select_related(
            "input__indicator__criterion",
            "threshold",
            "assessment__area",
            "assessment__attainment",
            "assessment__round__criteria_set",
            "assessment__round__period",
        ).order_by(
            "assessment__round__period__ends_on",
            "-input__indicator__criterion__role",
            "input__indicator__criterion__bit",
            "input__ordinal",
        )
    )


def _seen(user: Actor, folder: Assessment) -> set[int]:
    if not isinstance(user, User):
        return set()
    inside = readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment=folder)
    return set(inside.values_list("pk", flat=True))

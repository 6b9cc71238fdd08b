"""The province's own sets: the ten criteria of its pilot scheme, and the conditions of completing the task."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.scope import Actor
from criteria.models import Assessment, Attainment, Criterion, Period, Reading, Verdict
from reports.queries.explain import explain, verdict_of
from reports.queries.explained import CriterionRow, Explanation, Value
from reports.queries.standpoint import Standpoint

PILOT, COMPLETED = "pilot", "completed"


@dataclass(frozen=True)
class Scheme:
    """The criteria of a set with their verdicts, one column a period."""

    periods: tuple[Period, ...]
    rows: list[tuple[Criterion, tuple[Verdict, ...]]]
    met: tuple[int, ...]
    is_illustrative: bool
    slug: str

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


def province_assessments(standpoint: Standpoint, tier: str) -> list[tuple[Assessment, bool]]:
    """The province's folders in the set of the tier for the periods shown, in their order: one query.

    Beside each: whether generated values are in it.
    """
    illustrative = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True)
    rows = (
        Assessment.objects.filter(
            area__level="province", round__period__in=standpoint.shown, round__criteria_set__tier=tier
        )
        .annotate(is_illustrative=Exists(illustrative))
        .select_related("round__criteria_set", "round__period", "area", "attainment")
        .order_by("round__period__ends_on", "pk")
    )
    return [(row, row.is_illustrative) for row in rows if hasattr(row, "attainment")]


def scheme(standpoint: Standpoint) -> Scheme | None:
    """The pilot's criteria; None before any round of it was opened. Two queries."""
    found = province_assessments(standpoint, PILOT)
    if not found:
        return None
    folders = [folder for folder, _ in found]
    latest = folders[-1].round.criteria_set
    criteria = list(latest.criteria.filter(role=Criterion.Role.CRITERION).order_by("bit"))
    attained = [folder.attainment for folder in folders]
    return Scheme(
        periods=tuple(folder.round.period for folder in folders),
        rows=[(criterion, _verdicts(criterion, attained)) for criterion in criteria],
        met=tuple(row.criteria_met for row in attained),
        is_illustrative=any(generated for _, generated in found),
        slug=latest.slug,
    )


def _verdicts(criterion: Criterion, attained: Iterable[Attainment]) -> tuple[Verdict, ...]:
    return tuple(verdict_of(criterion, row) for row in attained)


@dataclass(frozen=True)
class Condition:
    """A condition with the value that decides it. Shares say both denominators and the share by criteria."""

    row: CriterionRow
    value: Value | None
    blocked: str = ""

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
    def missing_units(self) -> int | None:
        """How many more units must be recognised before the share suffices."""
        if self.recognised is None or not self.base or self.value is None or self.value.threshold is None:
            return None
        needed = -(-self.value.threshold.value * self.base // 100)
        return max(0, int(needed) - self.recognised)


@dataclass(frozen=True)
class Conditions:
    explanation: Explanation
    rows: list[Condition]

    @property
    def met(self) -> int:
        return sum(row.row.verdict == Verdict.MET for row in self.rows)

    @property
    def total(self) -> int:
        return len(self.rows)


def conditions(standpoint: Standpoint, user: Actor) -> Conditions | None:
    """The conditions of Decision 321 in the page's own period; None before a round of them was opened."""
    found = province_assessments(standpoint, COMPLETED)
    folders = [folder for folder, _ in found if folder.round.period == standpoint.period]
    if not folders:
        return None
    explanation = explain(folders[-1], user)
    rows = [
        Condition(row, next((value for indicator in row.indicators for value in indicator.values), None))
        for row in explanation.rows + explanation.conditions
    ]
    return Conditions(explanation, rows)

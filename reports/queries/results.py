"""Attainment by criteria, as the pages show it: one row a unit and set, read from the derived tables."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from criteria.models import Assessment, Attainment, CriteriaSet, Criterion, Indicator, Period, Reading, RollUp, Verdict
from criteria.models.law import WORD_BITS


@dataclass(frozen=True)
class Result:
    """What the approved values of one unit amount to in one set and period."""

    assessment_id: int
    area_id: int
    level: str
    tier: str
    criteria_set_id: int
    period_id: int
    met: int
    failing: int
    failing_mask: int
    undetermined: int
    verdict: Verdict
    is_illustrative: bool
    attainment: Attainment
    criteria_set: CriteriaSet

    @property
    def failing_slots(self) -> list[int]:
        """Slots of the indicators that fail (criteria.models.attainment)."""
        return slots_in(self.attainment.indicators, 0)

    @property
    def open_slots(self) -> list[int]:
        """Slots of the indicators that nothing can be concluded of."""
        return slots_in(self.attainment.indicators, 1)

    @property
    def total(self) -> int:
        return self.met + self.failing + self.undetermined

    @property
    def is_begun(self) -> bool:
        """Whether anything is approved yet."""
        return self.met + self.failing > 0


def slots_in(masks: dict[str, list[int]], place: int) -> list[int]:
    """The slots whose bit is set in the masks: place 0 the failing, 1 the undetermined."""
    found = []
    for word, bits in masks.items():
        left = bits[place]
        while left:
            lowest = left & -left
            found.append(int(word) * WORD_BITS + lowest.bit_length() - 1)
            left ^= lowest
    return sorted(found)


def results(periods: Iterable[Period], *conditions: Q, **narrow) -> list[Result]:
    """Results of the province's units in the periods; what follows narrows Assessment. One query."""
    illustrative = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True)
    rows = (
        Assessment.objects.filter(*conditions, round__period__in=list(periods), attainment__isnull=False, **narrow)
        .filter(round__province__code=settings.PROVINCE_CODE)
        .annotate(is_illustrative=Exists(illustrative))
        .select_related("attainment", "round__criteria_set")
        .order_by("round__criteria_set_id", "area_id")
    )
    return [_result(row, row.is_illustrative) for row in rows]


def _result(row: Assessment, is_illustrative: bool) -> Result:
    attained: Attainment = row.attainment
    return Result(
        assessment_id=row.pk,
        area_id=row.area_id,
        level=row.round.criteria_set.level,
        tier=row.round.criteria_set.tier,
        criteria_set_id=row.round.criteria_set_id,
        period_id=row.round.period_id,
        met=attained.criteria_met,
        failing=attained.criteria_failing,
        failing_mask=attained.failing,
        undetermined=attained.criteria_undetermined,
        verdict=Verdict(attained.verdict),
        is_illustrative=is_illustrative,
        attainment=attained,
        criteria_set=row.round.criteria_set,
    )


def by_unit(found: Iterable[Result], *, tier: str) -> dict[tuple[int, int], Result]:
    """(period id, unit id) → its result in the set of the tier."""
    return {(row.period_id, row.area_id): row for row in found if row.tier == tier}


def codes_by_bit(criteria_set_ids: Iterable[int]) -> dict[int, dict[int, Criterion]]:
    """Set → bit → criterion, to turn a mask into names: one query."""
    found: dict[int, dict[int, Criterion]] = defaultdict(dict)
    rows = Criterion.objects.filter(criteria_set_id__in=set(criteria_set_ids), role=Criterion.Role.CRITERION)
    for criterion in rows:
        found[criterion.criteria_set_id][criterion.bit] = criterion
    return found


def indicators_of(criteria_set_ids: Iterable[int]) -> dict[int, list[Indicator]]:
    """Set → its indicators with their criteria, in the order of the law: one query for any number of sets."""
    found: dict[int, list[Indicator]] = defaultdict(list)
    rows = Indicator.objects.filter(criterion__criteria_set_id__in=set(criteria_set_ids)).select_related("criterion")
    for row in rows.order_by("slot"):
        found[row.criterion.criteria_set_id].append(row)
    return found


def named(mask: int, criteria: dict[int, Criterion]) -> list[Criterion]:
    """The criteria whose bit is set in the mask, in their order."""
    return [criterion for bit, criterion in sorted(criteria.items()) if mask >> bit & 1]


@dataclass(frozen=True)
class Counts:
    """Counts over the members of a district or the province in one commune set and period."""

    members: int = 0
    attained: int = 0
    failing: int = 0
    undetermined: int = 0
    criteria_met: int = 0
    by_criteria_met: tuple[tuple[int, int], ...] = ()

    @property
    def average(self) -> float | None:
        """Criteria met a unit."""
        return self.criteria_met / self.members if self.members else None

    @property
    def share(self) -> float | None:
        """Share of members that attain, in per cent."""
        return self.attained / self.members * 100 if self.members else None

    @property
    def is_begun(self) -> bool:
        return self.attained + self.failing > 0


def roll_ups(periods: Iterable[Period], *, tier: str, area_ids: Iterable[int]) -> dict[tuple[int, int], Counts]:
    """(period id, district or province id) → counts over its communes in the set of the tier: one query."""
    rows = RollUp.objects.filter(
        period__in=list(periods), criteria_set__tier=tier, criteria_set__level="commune", area__in=list(area_ids)
    )
    return {(row.period_id, row.area_id): _counts(row) for row in rows}


def _counts(row: RollUp) -> Counts:
    spread = tuple(sorted((int(met), count) for met, count in row.by_criteria_met.items()))
    return Counts(row.members, row.attained, row.failing, row.undetermined, row.criteria_met, spread)

"""Attainment by criteria, as the pages show it: one row a unit and set, read from the derived tables."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from criteria.models import Assessment, Criterion, Indicator, Period, Reading, RollUp, Verdict
from criteria.models.law import WORD_BITS


class Result(NamedTuple):
    """What the approved values of one unit amount to in one set and period; light, for there are many of them."""

    assessment_id: int
    area_id: int
    level: str
    tier: str
    set_name: str
    criteria_set_id: int
    period_id: int
    met: int
    failing: int
    undetermined: int
    failing_mask: int
    undetermined_mask: int
    masks: dict[str, list[int]]
    verdict: int
    is_illustrative: bool

    @property
    def failing_slots(self) -> list[int]:
        """Slots of the indicators that fail (criteria.models.attainment)."""
        return slots_in(self.masks, 0)

    @property
    def open_slots(self) -> list[int]:
        """Slots of the indicators that nothing can be concluded of."""
        return slots_in(self.masks, 1)

    def verdict_of(self, criterion: Criterion) -> Verdict:
        """The verdict of one of the criteria (conditions have masks of their own)."""
        if self.failing_mask >> criterion.bit & 1:
            return Verdict.NOT_MET
        return Verdict.UNDETERMINED if self.undetermined_mask >> criterion.bit & 1 else Verdict.MET

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
        .order_by("round__criteria_set_id", "area_id")
    )
    return [Result._make(row) for row in rows.values_list(*_FIELDS)]


_FIELDS = (
    "pk",
    "area_id",
    "round__criteria_set__level",
    "round__criteria_set__tier",
    "round__criteria_set__name",
    "round__criteria_set_id",
    "round__period_id",
    "attainment__criteria_met",
    "attainment__criteria_failing",
    "attainment__criteria_undetermined",
    "attainment__failing",
    "attainment__undetermined",
    "attainment__indicators",
    "attainment__verdict",
    "is_illustrative",
)


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

"""What money closed: the indicators that it was for, as they stood before it and as they stand now."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from communes.models import Area
from criteria.models import Indicator, Reading, State, Verdict
from sponsorship.queries.heirs import Heirs

Pair = tuple[int, int]


@dataclass(frozen=True)
class Effect:
    """Money for an indicator of a commune, with the indicator in the year before and in the latest year."""

    area: Area
    indicator: Indicator
    amount: int
    before: Reading | None
    after: Reading | None

    @property
    def is_closed(self) -> bool:
        """Not met before, met now."""
        if self.before is None or self.after is None:
            return False
        return (self.before.verdict, self.after.verdict) == (Verdict.NOT_MET, Verdict.MET)


def of(money: Any) -> list[Effect]:
    """What these entries were for and was not cancelled, with the approved values around them: five statements."""
    rows = money.exclude(indicator=None).order_by().values_list("area_id", "indicator_id", "year")
    given: dict[Pair, dict[int, int]] = defaultdict(dict)
    for area_id, indicator_id, year, amount in rows.annotate(Sum("amount")):
        if amount:
            given[area_id, indicator_id][year] = amount
    areas = Area.objects.in_bulk({area_id for area_id, _ in given})
    indicators = Indicator.objects.in_bulk({indicator_id for _, indicator_id in given})
    heirs = Heirs()
    values = _values({pk for area_id, _ in given for pk in (area_id, heirs.of(area_id))}, set(indicators))
    found = []
    for (area_id, indicator_id), years in given.items():
        # A commune that merged is looked at where it went; its own values come first.
        known = values[heirs.of(area_id), indicator_id] | values[area_id, indicator_id]
        earlier = [year for year in known if year < min(years)]
        later = [year for year in known if year >= min(years)]
        before, after = known[max(earlier)] if earlier else None, known[max(later)] if later else None
        found.append(Effect(areas[area_id], indicators[indicator_id], sum(years.values()), before, after))
    return sorted(found, key=lambda effect: (-effect.amount, effect.area.sort_key, effect.indicator.code))


def _values(area_ids: set[int], indicator_ids: set[int]) -> dict[Pair, dict[int, Reading]]:
    """The approved value of each pair by year: of several inputs the one that is not met, else the first."""
    readings = Reading.objects.filter(
        state=State.APPROVED,
        assessment__area__in=area_ids,
        input__indicator__in=indicator_ids,
        assessment__round__period__kind="year",
    ).select_related("assessment__round__period", "input")
    found: dict[Pair, dict[int, Reading]] = defaultdict(dict)
    for reading in sorted(readings, key=lambda each: (each.verdict != Verdict.NOT_MET, each.input.ordinal)):
        years = found[reading.assessment.area_id, reading.input.indicator_id]
        years.setdefault(reading.assessment.round.period.year, reading)
    return found

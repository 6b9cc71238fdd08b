"""Counts over the communes of a district or of the province, one row per commune set and period."""

from collections import Counter

from communes.models import Area
from communes.queries import areas_within
from criteria.models import Attainment, Period, RollUp, Round, Verdict

_COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met", "by_criteria_met")


def refresh(area: Area, period: Period) -> int:
    """Recount `area` over the units below it for every set open in the period; returns rows that differed."""
    below = areas_within([area.pk], period.ends_on).filter(level="commune").values("pk")
    sets = Round.objects.filter(period=period, criteria_set__level="commune").values_list("criteria_set_id", flat=True)
    return sum(_store(area, period, set_id, _count(below, period, set_id)) for set_id in sets)


def _count(below, period: Period, set_id: int) -> dict:
    rows = list(
        Attainment.objects.filter(
            assessment__area__in=below, assessment__round__period=period, assessment__round__criteria_set=set_id
        ).values_list("verdict", "criteria_met")
    )
    verdicts = Counter(verdict for verdict, _ in rows)
    return {
        "members": len(rows),
        "attained": verdicts[Verdict.MET],
        "failing": verdicts[Verdict.NOT_MET],
        "undetermined": verdicts[Verdict.UNDETERMINED],
        "criteria_met": sum(met for _, met in rows),
        "by_criteria_met": {str(met): count for met, count in sorted(Counter(met for _, met in rows).items())},
    }


def _store(area: Area, period: Period, set_id: int, counts: dict) -> int:
    stored = RollUp.objects.filter(area=area, period=period, criteria_set_id=set_id).first()
    if stored and {name: getattr(stored, name) for name in _COUNTS} == counts:
        return 0
    RollUp.objects.update_or_create(area=area, period=period, criteria_set_id=set_id, defaults=counts)
    return 1

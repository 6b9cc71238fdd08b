"""What holds communes back: the indicators that most of them fail, and the recognised that now fail."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from criteria.models import Period, Reading, State, Verdict
from reports.queries.dashboard import choices
from reports.queries.results import Result
from reports.queries.units import Holdings


@dataclass(frozen=True)
class Bottleneck:
    """An indicator with the number of units that fail it, one count a period shown."""

    code: str
    name: str
    units: tuple[int, ...]
    length: float

    @property
    def first(self) -> int:
        return self.units[0]


def bottlenecks(periods: tuple[Period, ...], *, tier: str = "ntm") -> list[Bottleneck]:
    """The indicators of the communes' set that fail most often by approved values: one query."""
    if not periods:
        return []
    rows = (
        Reading.objects.filter(
            assessment__round__period__in=periods,
            assessment__round__criteria_set__level="commune",
            assessment__round__criteria_set__tier=tier,
            state=State.APPROVED,
            verdict=Verdict.NOT_MET,
        )
        .values_list("input__indicator__code", "input__indicator__name", "assessment__round__period_id")
        .annotate(units=Count("assessment_id", distinct=True))
        .order_by("input__indicator__code")
    )
    found: dict[tuple[str, str], dict[int, int]] = {}
    for code, name, period_id, units in rows:
        found.setdefault((code, name), {})[period_id] = units
    counted = [(code, name, tuple(by.get(p.pk, 0) for p in periods)) for (code, name), by in found.items()]
    counted.sort(key=lambda row: row[2], reverse=True)
    most = counted[0][2][0] or 1 if counted else 1
    kept = counted[: choices()["bottlenecks"]]
    return [Bottleneck(code, name, units, min(100.0, units[0] / most * 100)) for code, name, units in kept]


def recognised_but_failing(found: Iterable[Result], held: Holdings, *, tier: str = "ntm") -> list[Result]:
    """Results of units that hold the tier by decision while their approved values no longer meet it."""
    return [row for row in found if row.tier == tier and row.verdict == Verdict.NOT_MET and held.has(row.area_id, tier)]

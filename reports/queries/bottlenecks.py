"""What holds communes back: the indicators that most of them fail, and the recognised that now fail."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from criteria.models import Indicator, Verdict
from reports.queries.holdings import Holdings
from reports.queries.results import Result


@dataclass(frozen=True)
class Bottleneck:
    """An indicator with the number of units that fail it; `length` in per cent of the one that fails most."""

    indicator: Indicator
    units: int
    length: float

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def name(self) -> str:
        return self.indicator.name


def bottlenecks(found: Iterable[Result], law: dict[int, list[Indicator]], *, tier: str = "ntm") -> list[Bottleneck]:
    """The indicators of the communes' set of the tier that approved values fail, the most often failed first."""
    rows = [row for row in found if row.level == "commune" and row.tier == tier]
    failed = Counter((row.criteria_set_id, slot) for row in rows for slot in row.failing_slots)
    by_slot = {(set_id, row.slot): row for set_id, indicators in law.items() for row in indicators}
    most = max(failed.values(), default=1)
    ranked = sorted(failed.items(), key=lambda item: (-item[1], item[0]))
    return [Bottleneck(by_slot[key], units, units / most * 100) for key, units in ranked if key in by_slot]


def recognised_but_failing(found: Iterable[Result], held: Holdings, *, tier: str = "ntm") -> list[Result]:
    """Results of units that hold the tier by decision while their approved values no longer meet it."""
    return [row for row in found if row.tier == tier and row.verdict == Verdict.NOT_MET and held.has(row.area_id, tier)]

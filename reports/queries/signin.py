"""The few public figures beside the sign-in form."""

from dataclasses import dataclass
from typing import Any

from reports.queries.holdings import ledger
from reports.queries.map import Map, map_of
from reports.queries.standpoint import Standpoint, find
from reports.queries.summary import summary
from reports.queries.units import placed


@dataclass(frozen=True)
class KeyFigures:
    standpoint: Standpoint
    year: int
    figures: dict[str, Any]
    map: Map | None

    @property
    def communes(self) -> int:
        """Communes recognised in the year, of any tier."""
        return sum(self.figures["communes_recognised"].values())


def key_figures() -> KeyFigures:
    """The official year as known today, with the map of the tiers held: a constant number of queries."""
    standpoint = find()
    year = standpoint.official.year if standpoint.official else standpoint.year
    units = placed(standpoint.province, standpoint.territory_on)
    drawn = map_of(standpoint.territory_on, units, ledger(standpoint.province, None).up_to(standpoint.year), set())
    return KeyFigures(standpoint, year, summary(year=year), drawn)

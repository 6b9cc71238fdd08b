"""How many units held a tier by the results up to each year: of the units of that year's last day."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from communes.models import Area
from reports.queries.charts import Number, Spark, spark
from reports.queries.holdings import Holdings, Ledger
from reports.queries.units import Territory, is_rural

Values = list[tuple[str, Number]]


@dataclass(frozen=True)
class RecognisedYears:
    """Year → the province's units and what they held."""

    years: dict[int, tuple[Territory, Holdings]]

    def counts(self, tier: str, district: str = "") -> Values:
        """Xã that held the tier, of the province or of the district of that code."""
        return [
            (str(year), held.count(_rural(territory, district), tier)) for year, (territory, held) in self.years.items()
        ]

    def shares(self, tier: str, kinds: Collection[str]) -> Values:
        """Units of the kinds that held the tier, in per cent of those there were."""
        values: Values = []
        for year, (territory, held) in self.years.items():
            units = [area for area in territory.areas if area.kind in kinds]
            if units:
                values.append((str(year), held.count(units, tier) / len(units) * 100))
        return values

    def by_district(self, tier: str) -> dict[str, Spark | None]:
        """Code of a district → its xã that held the tier, every line on the scale of the largest."""
        codes = dict.fromkeys(unit.area.code for territory, _ in self.years.values() for unit in territory.districts)
        found = {code: self.counts(tier, code) for code in codes}
        most = max((float(number) for values in found.values() for _, number in values), default=1.0)
        return {code: spark(values, least=0, most=max(most, 1.0)) for code, values in found.items()}


def recognised_years(known: Ledger, territory: dict[dt.date, Territory], years: Iterable[int]) -> RecognisedYears:
    """Out of what was read; `territory` holds the last day of each year. No statement."""
    return RecognisedYears({year: (territory[dt.date(year, 12, 31)], known.up_to(year)) for year in years})


def _rural(territory: Territory, district: str) -> list[Area]:
    inside = (unit for unit in territory.communes if not district or (unit.district and unit.district.code == district))
    return [unit.area for unit in inside if is_rural(unit.area)]

"""Where a unit is to be found that was not there on the day asked for: codes are re-used, and units end."""

import datetime as dt
from dataclasses import dataclass

from communes.models import Area, Level


@dataclass(frozen=True)
class Life:
    """A unit that bore the code, and a day on which it stood."""

    area: Area
    on: dt.date | None


def lives_of(code: str) -> list[Life]:
    """Communes and districts that ever bore the code, the oldest first: one statement."""
    rows = Area.objects.filter(code=code, level__in=(Level.COMMUNE, Level.DISTRICT))
    ordered = sorted(rows, key=lambda area: area.valid_from or dt.date.min)
    return [Life(area, area.valid_to or area.valid_from) for area in ordered]

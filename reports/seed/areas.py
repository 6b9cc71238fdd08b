"""Units by their code on a day: how the data files name them."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from communes.models import Area, Kind, Level, Placement, valid_on


class UnknownArea(LookupError):
    """A data file names a unit that the territory does not have on that day."""


class Register:
    """The territory on one day, read once. `district_of` maps the id of a commune to its district."""

    def __init__(self, on: dt.date) -> None:
        self.on = on
        self.by_code = {area.code: area for area in Area.objects.as_of(on)}
        parents = Placement.objects.filter(valid_on(on), area__in=self.by_code.values()).select_related("parent")
        self.district_of = {row.area_id: row.parent for row in parents if row.parent and row.parent_id}

    def get(self, code: str, name: str = "") -> Area:
        """The unit; refuses a code that is not in force, or one that then had another name."""
        area = self.by_code.get(code)
        if area is None or (name and not area.name.endswith(name)):
            raise UnknownArea(f"{code} {name}: no such unit on {self.on}")
        return area

    def of_kind(self, *kinds: Kind) -> list[Area]:
        """Units of these kinds in the order of their codes: the same on every machine."""
        return self._sorted(area for area in self.by_code.values() if area.kind in kinds)

    def districts(self) -> list[Area]:
        """Districts, towns and the city."""
        return self._sorted(area for area in self.by_code.values() if area.level == Level.DISTRICT)

    @staticmethod
    def _sorted(areas: Iterable[Area]) -> list[Area]:
        return sorted(areas, key=lambda area: area.code)


def province() -> Area:
    """The province that the portal serves."""
    found = Area.objects.filter(code=settings.PROVINCE_CODE, level=Level.PROVINCE, valid_to=None).first()
    if found is None:
        raise UnknownArea("The territory is not loaded: run `manage.py load_territory` first.")
    return found

"""What a value is compared with when it is entered: the same unit in the period before, the district in this one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from communes.models import Level, Placement, valid_on
from criteria.models import Input, Reading, Round
from criteria.queries import history
from criteria.rules import plausibility

# A yes or a no has neither a distance from the year before nor a median.
_COMPARED = [kind for kind in Input.ValueType.values if kind in plausibility.limits().jump]


class Surroundings:
    """The period before and the peers of some values of one round: three statements, however many values."""

    def __init__(self, opened: Round, readings: Iterable[Reading]) -> None:
        self._readings = [row for row in readings if row.input.value_type in _COMPARED]
        self._before: dict[int, Decimal] = {}
        self._peers: dict[tuple[int | None, int], list[tuple[int, Decimal]]] = defaultdict(list)
        self._districts: dict[int, int | None] = {}
        if self._readings:
            self._before = history.values_before(row.pk for row in self._readings)
            self._look_around(opened)

    def flags(self, reading: Reading) -> plausibility.Flag:
        """What looks wrong about the value as it now stands on the (perhaps unsaved) reading."""
        value = None if reading.not_applicable else reading.value
        return plausibility.flags(
            value, reading.input.value_type, before=self._before.get(reading.pk), peers=self._peers_of(reading)
        )

    def _peers_of(self, reading: Reading) -> Sequence[Decimal]:
        own = reading.assessment.area_id
        district = self._districts.get(own)
        return [value for area, value in self._peers.get((district, reading.input_id), []) if area != own]

    def _look_around(self, opened: Round) -> None:
        """The values of this round in the districts of the units concerned."""
        on = opened.period.ends_on
        units = {row.assessment.area_id for row in self._readings}
        inside = Placement.objects.filter(valid_on(on), parent__level=Level.DISTRICT)
        districts = inside.filter(area_id__in=units).values("parent_id")
        self._districts = dict(inside.filter(parent_id__in=districts).order_by().values_list("area_id", "parent_id"))
        rows = Reading.objects.filter(
            assessment__round=opened,
            assessment__area_id__in=list(self._districts),
            input_id__in={row.input_id for row in self._readings},
            value__isnull=False,
        )
        for area, entry, value in rows.order_by().values_list("assessment__area_id", "input_id", "value"):
            if value is not None:
                self._peers[self._districts[area], entry].append((area, value))


def pin(readings: Iterable[Reading]) -> None:
    """Set the flags of unsaved changes of one round; `input` and `assessment.round.period` must be loaded."""
    rows = list(readings)
    if rows:
        around = Surroundings(rows[0].assessment.round, rows)
        for row in rows:
            row.flags = int(around.flags(row))

"""One cell of the board at a glance: the value against its threshold, the year before, and the district's median."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from accounts.scope import Actor
from communes.models import Level
from criteria.models import Indicator, Reading, State
from criteria.queries import wording
from reports.queries.commune import find_unit, folders_of
from reports.queries.explain import explain
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.standpoint import Standpoint
from reports.queries.tree import UnknownNode
from reports.queries.units import placed


@dataclass(frozen=True)
class Glance:
    """The indicator of a unit; `medians` are those of the district's communes, by input."""

    area_name: str
    code: str
    tier: str
    criterion: CriterionRow
    row: IndicatorRow
    medians: dict[int, str]

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def values(self) -> list[tuple[Value, str]]:
        return [(value, self.medians.get(value.entry.pk, "")) for value in self.row.values]


def glance(standpoint: Standpoint, code: str, indicator: str, user: Actor, *, tier: str) -> Glance:
    """A constant number of statements. Raises UnknownUnit, UnknownNode."""
    area = find_unit(standpoint, code, Level.COMMUNE)
    folder = next((f for f in folders_of(standpoint, area) if f.round.criteria_set.tier == (tier or "ntm")), None)
    if folder is None:
        raise UnknownNode(code)
    explanation = explain(folder, user)
    pairs = ((row, each) for row in explanation.every for each in row.indicators)
    found = next(((row, each) for row, each in pairs if each.indicator.code == indicator), None)
    if found is None:
        raise UnknownNode(indicator)
    return Glance(area.name, area.code, folder.round.criteria_set.tier, *found, _medians(standpoint, area.pk, found[1]))


def _medians(standpoint: Standpoint, area_id: int, row: IndicatorRow) -> dict[int, str]:
    """Input id → the median of the approved values in the unit's district, in words: two statements."""
    units = placed(standpoint.province, standpoint.territory_on)
    own = next((unit.district for unit in units if unit.area.pk == area_id), None)
    inside = [unit.area.pk for unit in units if own and unit.district and unit.district.pk == own.pk]
    entries = {value.entry.pk: value.entry for value in row.values if not wording.is_yes_no(value.entry)}
    values: dict[int, list[Decimal]] = {}
    rows = Reading.objects.filter(
        assessment__area__in=inside,
        assessment__round__period=standpoint.period,
        input__in=entries,
        state=State.APPROVED,
        value__isnull=False,
    )
    for input_id, value in rows.values_list("input_id", "value"):
        if value is not None:
            values.setdefault(input_id, []).append(value)
    return {pk: wording.shown(entries[pk], median(found)) for pk, found in values.items()}

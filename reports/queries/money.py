"""What is asked, promised and received for what communes lack: the ledger's gap board, by unit and indicator."""

from communes.models import Area
from criteria.models import Indicator
from sponsorship.queries.gaps import Filter, Gap, board

EVERY = 1_000_000


def gap_of(area: Area, indicator: Indicator) -> Gap | None:
    """The money for one indicator of one commune by the last closed year; None where it is no gap there."""
    return _by_unit(Filter(code=indicator.code)).get((area.pk, indicator.pk))


def money_by_gap() -> dict[tuple[int, int], Gap]:
    """(unit id, indicator id) → its money; a constant number of statements."""
    return _by_unit(Filter())


def _by_unit(chosen: Filter) -> dict[tuple[int, int], Gap]:
    """A gap stands at the commune of today; the units that it was found in see the same money."""
    gaps = board(chosen, size=EVERY).gaps
    return {(unit.pk, gap.indicator_id): gap for gap in gaps for unit in (gap.area, *gap.origins)}

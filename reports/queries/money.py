"""What is asked, promised and received for what communes lack: the ledger's gap board, by unit and indicator."""

from communes.models import Area
from criteria.models import Indicator
from sponsorship.queries.gaps import Filter, Gap, board

EVERY = 1_000_000


def gap_of(area: Area, indicator: Indicator) -> Gap | None:
    """The money for one indicator of one commune by the last closed year; None where it is no gap there."""
    gaps = board(Filter(code=indicator.code), size=EVERY).gaps
    return next((gap for gap in gaps if gap.area.pk == area.pk and gap.indicator_id == indicator.pk), None)


def money_by_gap() -> dict[tuple[int, int], Gap]:
    """(unit id, indicator id) → its money; a constant number of statements."""
    return {(gap.area.pk, gap.indicator_id): gap for gap in board(size=EVERY).gaps}


__all__ = ["Gap", "gap_of", "money_by_gap"]

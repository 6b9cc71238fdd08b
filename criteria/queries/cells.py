"""What a page is told of single values: as stored now, in words, for the cells of a sheet and their conflicts."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from communes.templatetags.vietnamese import verdict_words
from criteria.models import Reading, State
from criteria.queries import wording
from criteria.queries.grid import Cell, is_open_to_entry
from criteria.queries.history import values_before
from criteria.queries.scope import readings_in_scope
from criteria.rules.plausibility import Flag

CellWords = dict[str, object]


def cell_words(reading: Reading) -> CellWords:
    """One value as a cell shows it. `input`, `threshold` and `entered_by` must be loaded."""
    return _words(reading, _before([reading]).get(reading.pk))


def _before(readings: Iterable[Reading]) -> dict[int, Decimal]:
    """The value of the period before, of those that moved far from it: nothing is asked for any other."""
    moved = [reading.pk for reading in readings if reading.flags & Flag.JUMP]
    return values_before(moved) if moved else {}


def _words(reading: Reading, before: Decimal | None) -> CellWords:
    cell = Cell(reading=reading, previous=None, threshold=reading.threshold, editable=is_open_to_entry(reading))
    return {
        "id": reading.pk,
        "version": reading.version,
        "text": cell.typed,
        "verdict": verdict_words(reading.verdict, cell.why_open)[0],
        "gap": cell.gap,
        "state": cell.state,
        "look": cell.look,
        "flags": wording.flags(reading, before),
        "note": reading.note,
        "reason": reading.return_reason if reading.state == State.RETURNED else "",
        "by": str(reading.entered_by or ""),
        "author": reading.entered_by_id,
        "at": f"{timezone.localtime(reading.entered_at):%d/%m/%Y %H:%M}" if reading.entered_at else "",
    }


def stored_cells(user: User, reading_ids: Iterable[int]) -> dict[int, CellWords]:
    """The named values that the person may see while they are on their way, by id; others are left out."""
    found = readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk__in=list(reading_ids))
    rows = list(found.select_related("input", "threshold", "entered_by"))
    before = _before(rows)
    return {row.pk: _words(row, before.get(row.pk)) for row in rows}


def replacing(reading: Reading) -> list[int]:
    """Values that entering this one may have set to "does not apply": of which only one applies."""
    if not reading.input.alternative:
        return []
    others = Reading.objects.filter(
        assessment=reading.assessment_id,
        input__indicator=reading.input.indicator_id,
        input__alternative=reading.input.alternative,
    )
    return list(others.exclude(pk=reading.pk).values_list("pk", flat=True))

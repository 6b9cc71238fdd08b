"""What a page is told of single values: as stored now, in words, for the cells of a sheet and their conflicts."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from communes.templatetags.vietnamese import verdict_words
from criteria.models import Reading
from criteria.queries.grid import Cell, is_open_to_entry
from criteria.queries.scope import readings_in_scope

CellWords = dict[str, object]


def cell_words(reading: Reading) -> CellWords:
    """One value as a cell shows it. `input`, `threshold` and `entered_by` must be loaded."""
    cell = Cell(reading=reading, previous=None, threshold=reading.threshold, editable=is_open_to_entry(reading))
    return {
        "id": reading.pk,
        "version": reading.version,
        "text": cell.typed,
        "verdict": verdict_words(reading.verdict, cell.why_open)[0],
        "gap": cell.gap,
        "state": cell.state,
        "look": cell.look,
        "flags": cell.flags,
        "note": reading.note,
        "by": str(reading.entered_by or ""),
        "author": reading.entered_by_id,
        "at": f"{timezone.localtime(reading.entered_at):%d/%m/%Y %H:%M}" if reading.entered_at else "",
    }


def stored_cells(user: User, reading_ids: Iterable[int]) -> dict[int, CellWords]:
    """The named values that the person may see while they are on their way, by id; others are left out."""
    rows = readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk__in=list(reading_ids))
    return {row.pk: cell_words(row) for row in rows.select_related("input", "threshold", "entered_by")}


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

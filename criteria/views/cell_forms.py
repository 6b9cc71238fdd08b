"""A sheet posted as one form, without JavaScript: every touched cell is saved, each for itself."""

from collections.abc import Iterable

from accounts.errors import Refused
from accounts.models import User
from criteria.actions import readings
from criteria.forms import CellForm
from criteria.queries.cells import stored_cells
from criteria.queries.grid import Cell, Problem
from criteria.views.refusals import DeskRequest, attempt

STALE = "Người khác vừa sửa ô này: của bạn {mine}; của cán bộ khác {theirs}. Chọn một giá trị."
NOTHING = "trống"


def save_form(request: DeskRequest, cells: Iterable[Cell]) -> tuple[int, dict[int, Problem]]:
    """How many cells were touched, and why some of them were refused, by reading id."""
    touched = _touched(request, cells)
    problems = {pk: fault for pk, form in touched.items() if (fault := _save(request.user, pk, form))}
    return len(touched), _explained(problems, request.user)


def _touched(request: DeskRequest, cells: Iterable[Cell]) -> dict[int, CellForm]:
    """The cells of the post whose text was changed, by reading id."""
    forms = {cell.reading.pk: _cell_form(request, cell.reading.pk) for cell in cells}
    sent = {pk: form for pk, form in forms.items() if form.add_prefix("text") in request.POST}
    return {pk: form for pk, form in sent.items() if not form.is_valid() or form.is_touched}


def _cell_form(request: DeskRequest, reading_id: int) -> CellForm:
    return CellForm(request.POST, prefix=str(reading_id))


def _save(user: User, reading_id: int, form: CellForm) -> Problem | None:
    """Record one cell; the problem if it was refused."""
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return Problem(form.data.get(form.add_prefix("text"), ""), str(fault), "invalid", Refused.status, 0)
    text, version = form.cleaned_data["text"], form.over_version
    _, refused = attempt(
        readings.record, reading_id=reading_id, text=text, version=version, by=user, note=form.new_note
    )
    return Problem(text, refused.message, refused.code, refused.status, version) if refused else None


def _explained(problems: dict[int, Problem], user: User) -> dict[int, Problem]:
    """Conflicts told with both values, as they stand now."""
    stale = [pk for pk, fault in problems.items() if fault.is_stale]
    current = stored_cells(user, stale) if stale else {}
    return {
        pk: _with_both(fault, str(current[pk]["text"])) if pk in current else fault for pk, fault in problems.items()
    }


def _with_both(fault: Problem, theirs: str) -> Problem:
    told = STALE.format(mine=fault.text or NOTHING, theirs=theirs or NOTHING)
    return Problem(fault.text, told, fault.code, fault.status, fault.version)

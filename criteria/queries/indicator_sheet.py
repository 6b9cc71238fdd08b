"""One input of all units of a district in one round: the same cells as the sheet of one unit, turned round."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.models import Area, Placement, valid_on
from criteria.models import Input, Reading, Round, State
from criteria.queries import history
from criteria.queries.grid import PEOPLE, Cell, Problem, has_year_before, is_open_to_entry, threshold_of
from criteria.queries.marks import with_marks
from criteria.queries.scope import readings_in_scope
from criteria.queries.sheet import ROLE_ORDER, entry_places
from criteria.resolving import resolver_for


@dataclass
class IndicatorSheet:
    """The values of one input that this person may see, unit by unit, of one parent unit."""

    round: Round
    entry: Input
    inputs: list[Input]
    parents: list[Area]
    parent: Area | None
    cells: list[Cell]
    may_enter: bool
    today: dt.date

    @property
    def where(self) -> str:
        return f"{self.entry.code}, {self.round.period}"

    @property
    def has_year_before(self) -> bool:
        return has_year_before(self.round)

    @property
    def is_illustrative(self) -> bool:
        return bool(self.cells) and all(c.reading.is_illustrative or c.is_empty for c in self.cells)

    @property
    def days_left(self) -> int:
        return (self.round.due_on - self.today).days

    @property
    def entered(self) -> int:
        return sum(not c.is_empty and not c.is_copied for c in self.cells)

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def copied(self) -> list[Cell]:
        return [c for c in self.cells if c.is_copied]

    @property
    def returned(self) -> list[Cell]:
        return [c for c in self.cells if c.reading.state == State.RETURNED]


def indicator_sheet(
    user: User, round_id: int, input_id: int, parent_code: str = "", *, problems: dict[int, Problem] | None = None
) -> IndicatorSheet:
    """The sheet of one input; `parent_code` chooses among several districts. Raises OutOfScope where it is none."""
    rows = list(_rows(user, round_id, input_id))
    if not rows:
        raise OutOfScope
    opened, entry = rows[0].assessment.round, rows[0].input
    placed = _placements(rows, opened.period.ends_on)
    parents = sorted({place.parent for place in placed.values() if place.parent}, key=lambda area: area.sort_key)
    parent = _chosen(parents, parent_code)
    shown = [row for row in rows if parent is None or _stands_in(placed.get(row.assessment.area_id), parent)]
    open_to = _open_units(user, opened, shown, placed)
    cells = _cells(shown, opened, open_to, problems or {})
    inputs = inputs_of(opened)
    may_enter = any(cell.reading.assessment.area_id in open_to for cell in cells)
    return IndicatorSheet(opened, entry, inputs, parents, parent, cells, may_enter, timezone.localdate())


def _chosen(parents: list[Area], code: str) -> Area | None:
    """The parent with that code; the first one where none is asked for."""
    if not code:
        return parents[0] if parents else None
    found = next((area for area in parents if area.code == code), None)
    if found is None:
        raise OutOfScope
    return found


def _stands_in(place: Placement | None, parent: Area) -> bool:
    return place is not None and place.parent_id == parent.pk


def inputs_of(opened: Round) -> list[Input]:
    """What a person enters in the round, in the order of the set."""
    rows = Input.objects.filter(indicator__criterion__criteria_set=opened.criteria_set, derived__isnull=True)
    ordered = rows.select_related("indicator__criterion").order_by(
        "indicator__criterion__bit", "indicator__ordinal", "ordinal", "pk"
    )
    # Conditions stand behind the criteria, as on the sheet of a unit; each role counts its bits for itself.
    return sorted(ordered, key=lambda entry: ROLE_ORDER[entry.indicator.criterion.role])


def first_input(user: User, round_id: int) -> int:
    """The first input of the round of which this person may see a value. Raises OutOfScope."""
    order = ("input__indicator__criterion__bit", "input__indicator__ordinal", "input__ordinal", "input_id")
    seen = readings_in_scope(user, Permission.SEE_DRAFTS)
    found = seen.filter(assessment__round=round_id, input__derived__isnull=True).order_by(*order)
    first = found.values_list("input_id", flat=True).first()
    if first is None:
        raise OutOfScope
    return first


def _rows(user: User, round_id: int, input_id: int) -> QuerySet[Reading]:
    seen = readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment__round=round_id, input=input_id)
    return (
        history.with_previous(with_marks(seen), year_before=True)
        .select_related(
            "input__indicator__criterion",
            "assessment__area",
            "assessment__round__period",
            "assessment__round__criteria_set",
            "assessment__round__province",
            "threshold",
            *PEOPLE,
        )
        .order_by("assessment__area__sort_key", "pk")
    )


def _placements(rows: list[Reading], on: dt.date) -> dict[int, Placement]:
    """Where each unit stood on that day, by the unit's id."""
    units = [row.assessment.area_id for row in rows]
    placed = Placement.objects.filter(valid_on(on), area_id__in=units).select_related("parent")
    return {place.area_id: place for place in placed}


def _open_units(user: User, opened: Round, rows: list[Reading], placed: dict[int, Placement]) -> set[int]:
    """Units among these that the procedure gives this person to fill in now."""
    if not opened.is_open:
        return set()
    paths = entry_places(user, rows[0].assessment.area.level, opened.period.ends_on)
    return {unit for unit, place in placed.items() if place.path.startswith(paths)}


def _cells(rows: list[Reading], opened: Round, open_to: set[int], problems: dict[int, Problem]) -> list[Cell]:
    before = history.previous_of(rows)
    year_ago = history.year_before_of(rows) if has_year_before(opened) else {}
    resolver = resolver_for(opened)
    return [
        Cell(
            reading=row,
            previous=before.get(row.pk),
            threshold=threshold_of(row, resolver, row.assessment.area_id),
            editable=row.assessment.area_id in open_to and is_open_to_entry(row),
            problem=problems.get(row.pk),
            year_before=year_ago.get(row.pk),
            area=row.assessment.area,
        )
        for row in rows
    ]

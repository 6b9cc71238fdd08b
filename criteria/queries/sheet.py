"""The entry sheet of one unit in one round, and what is missing before it is submitted."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.models import Area
from communes.queries import placement_of
from criteria.models import Assessment, Criterion, Reading, Round, State, Verdict
from criteria.procedure import Step, procedure_for
from criteria.queries import history
from criteria.queries.grid import PEOPLE, Cell, Problem, has_year_before, is_open_to_entry, threshold_of
from criteria.queries.marks import with_marks
from criteria.queries.scope import reach, readings_in_scope
from criteria.resolving import resolver_for

ROLE_ORDER = {role: place for place, role in enumerate(Criterion.Role.values)}


@dataclass
class Group:
    """A criterion with its rows."""

    criterion: Criterion
    cells: list[Cell]

    @property
    def met(self) -> int:
        return sum(c.reading.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) for c in self.cells)

    @property
    def entered(self) -> int:
        return sum(not c.is_empty for c in self.cells)

    @property
    def total(self) -> int:
        return len(self.cells)


@dataclass
class Sheet:
    """Every value of one unit in one round that this person may see."""

    assessment: Assessment
    district: Area | None
    groups: list[Group]
    may_enter: bool
    today: dt.date

    @property
    def round(self) -> Round:
        return self.assessment.round

    @property
    def where(self) -> str:
        return f"{self.area.name}, {self.round.period}"

    @property
    def has_year_before(self) -> bool:
        return has_year_before(self.round)

    @property
    def columns(self) -> int:
        return 9 if self.has_year_before else 8

    @property
    def area(self) -> Area:
        return self.assessment.area

    @property
    def cells(self) -> list[Cell]:
        return [cell for group in self.groups for cell in group.cells]

    @property
    def days_left(self) -> int:
        return (self.assessment.deadline - self.today).days

    @property
    def entered(self) -> int:
        return sum(not c.is_empty and not c.is_copied for c in self.cells)

    @property
    def copied(self) -> list[Cell]:
        return [c for c in self.cells if c.is_copied]

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def missing(self) -> list[Cell]:
        return [c for c in self.cells if c.is_empty and not c.entry.derived]

    @property
    def returned(self) -> list[Cell]:
        return [c for c in self.cells if c.reading.state == State.RETURNED]

    @property
    def to_submit(self) -> list[Cell]:
        """Entered values that stand with the person who enters; what came back, once it was touched."""
        return [c for c in self.cells if c.editable and not c.is_empty and c.reading.state == State.DRAFT]

    @property
    def short(self) -> list[Cell]:
        """Values about to be submitted that do not hold."""
        return [c for c in self.to_submit if c.reading.verdict == Verdict.NOT_MET]

    @property
    def unexplained(self) -> list[Cell]:
        """Values that looked wrong when they were entered, without a note: they hold the folder back."""
        return [c for c in self.to_submit if c.reading.flags and not c.reading.note]

    @property
    def is_illustrative(self) -> bool:
        return bool(self.cells) and all(c.reading.is_illustrative or c.is_empty for c in self.cells)

    def cell(self, reading_id: int) -> Cell:
        return next(c for c in self.cells if c.reading.pk == reading_id)


def find_folder(lookup: dict[str, object]) -> Assessment:
    """The folder that `lookup` names, whoever asks. Raises OutOfScope where there is none."""
    found = (
        Assessment.objects.filter(**lookup)
        .select_related("round__period", "round__criteria_set", "round__province", "area")
        .first()
    )
    if found is None:
        raise OutOfScope
    return found


def _in_sight(user: User, assessment: Assessment) -> QuerySet[Reading]:
    """Values of the folder within the person's scope; what is public only is read on the public pages."""
    return readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment=assessment)


def sheet(user: User, lookup: dict[str, object], *, problems: dict[int, Problem] | None = None) -> Sheet:
    """The entry sheet of the folder that `lookup` names (round_id and area__code, or readings). Raises OutOfScope."""
    assessment = find_folder(lookup)
    on = assessment.round.period.ends_on
    placement = placement_of(assessment.area, on)
    is_mine = placement is not None and placement.path.startswith(entry_places(user, assessment.area.level, on))
    may_enter = assessment.round.is_open and is_mine
    cells = _cells(_in_sight(user, assessment), assessment, may_enter, problems or {})
    if not cells:
        raise OutOfScope
    district = placement.parent if placement and assessment.area.level == "commune" else None
    return Sheet(assessment, district, _grouped(cells), may_enter, timezone.localdate())


def entry_places(user: User, level: str, on: dt.date) -> tuple[str, ...]:
    """Paths at or below which the procedure gives this person units of `level` to fill in, for periods ending `on`."""
    roles = procedure_for(level, on).roles.get(Step.ENTER, frozenset())
    places = reach(user, Permission.ENTER, set(roles)).places
    return tuple(path for path, start, stop in places if start <= on <= stop)


def _cells(
    readings: QuerySet[Reading], assessment: Assessment, may_enter: bool, problems: dict[int, Problem]
) -> list[Cell]:
    rows = list(
        history.with_previous(with_marks(readings), year_before=has_year_before(assessment.round))
        .select_related("input__indicator__criterion", "threshold", *PEOPLE)
        .order_by("input__indicator__criterion__bit", "input__indicator__ordinal", "input__ordinal", "pk")
    )
    before, year_ago = history.previous_of(rows), history.year_before_of(rows)
    resolver = resolver_for(assessment.round, assessment.area)
    return [
        Cell(
            reading=row,
            previous=before.get(row.pk),
            threshold=threshold_of(row, resolver, assessment.area_id),
            editable=may_enter and is_open_to_entry(row),
            problem=problems.get(row.pk),
            year_before=year_ago.get(row.pk),
        )
        for row in rows
    ]


def _grouped(cells: Iterable[Cell]) -> list[Group]:
    groups: dict[int, Group] = {}
    for cell in cells:
        criterion = cell.entry.indicator.criterion
        groups.setdefault(criterion.pk, Group(criterion, [])).cells.append(cell)
    for group in groups.values():
        _head(group.cells)
    return sorted(groups.values(), key=lambda g: (ROLE_ORDER[g.criterion.role], g.criterion.bit))


def _head(cells: list[Cell]) -> None:
    """Give the first row of an indicator with several inputs the indicator's own name."""
    of_indicator: dict[int, list[Cell]] = {}
    for cell in cells:
        of_indicator.setdefault(cell.entry.indicator_id, []).append(cell)
    for rows in of_indicator.values():
        if len(rows) > 1 and rows[0].entry.code != rows[0].entry.indicator.code:
            rows[0].heading = rows[0].entry.indicator

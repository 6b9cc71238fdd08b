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
from communes.templatetags.vietnamese import verdict_words
from criteria.models import Assessment, Criterion, Indicator, Input, Period, Reading, Round, State, Threshold, Verdict
from criteria.procedure import Step, procedure_for
from criteria.queries import history, wording
from criteria.queries.scope import reach, readings_in_scope
from criteria.resolving import Resolver, resolver_for

PEOPLE = ("entered_by", "returned_by", "approved_by")
ROLE_ORDER = {role: place for place, role in enumerate(Criterion.Role.values)}


@dataclass(frozen=True)
class Problem:
    """Why a typed value was refused. What was typed stays; nothing was changed."""

    text: str
    message: str
    code: str
    status: int
    version: int

    @property
    def is_stale(self) -> bool:
        return self.code == "stale"


@dataclass
class Cell:
    """One row of the sheet: the value with the period before, its threshold, its verdict and its state."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None
    editable: bool
    problem: Problem | None = None
    heading: Indicator | None = None  # set on the first of an indicator's several rows
    year_before: Reading | None = None
    area: Area | None = None  # set where the rows are units, not indicators

    @property
    def entry(self) -> Input:
        return self.reading.input

    @property
    def code(self) -> str:
        return self.area.code if self.area else self.entry.code

    @property
    def name(self) -> str:
        return self.area.name if self.area else self.entry.name

    @property
    def typed(self) -> str:
        return wording.typed(self.reading)

    @property
    def text(self) -> str:
        """What stands in the field: the refused text if there is one."""
        return self.problem.text if self.problem else self.typed

    @property
    def shown(self) -> str:
        return wording.shown_reading(self.reading)

    @property
    def before(self) -> str:
        return wording.shown_reading(self.previous)

    @property
    def year_ago(self) -> str:
        return wording.shown_reading(self.year_before)

    @property
    def sign(self) -> str:
        """The sign of the verdict: ok, bad, na, nil, open."""
        return verdict_words(self.reading.verdict, self.why_open)[0]

    @property
    def requirement(self) -> str:
        return wording.requirement(self.entry, self.threshold)

    @property
    def unit(self) -> str:
        return wording.unit(self.entry)

    @property
    def gap(self) -> str:
        return wording.gap(self.entry, self.reading.value, self.threshold)

    @property
    def is_empty(self) -> bool:
        return self.reading.value is None and not self.reading.not_applicable

    @property
    def flags(self) -> list[str]:
        return wording.flags(self.reading, self.previous)

    @property
    def is_copied(self) -> bool:
        """Still as taken over from the period before: nobody has entered it."""
        reading = self.reading
        return reading.origin == Reading.Origin.PREFILLED and reading.state == State.DRAFT and not self.is_empty

    @property
    def why_open(self) -> str:
        return "no_value" if self.is_empty else "no_threshold" if self.threshold is None else ""

    @property
    def state(self) -> str:
        return "Hệ thống tính" if self.entry.derived else wording.state(self.reading)

    @property
    def needs_note(self) -> bool:
        return bool(self.flags) and not self.reading.note

    @property
    def level(self) -> str:
        """The threshold as plain digits, for the verdict as typed; empty where there is none."""
        return f"{self.threshold.value:f}" if self.threshold else ""

    @property
    def is_yes_no(self) -> bool:
        return wording.is_yes_no(self.entry)

    @property
    def choices(self) -> list[str]:
        """The buttons of a yes/no value, the last one for no value; empty for numbers."""
        if not wording.is_yes_no(self.entry):
            return []
        return [wording.YES, wording.NO] + ([wording.NOT_APPLICABLE] if self.may_not_apply else []) + [""]

    @property
    def offers_not_applicable(self) -> bool:
        """Whether a box beside a number says that it does not apply (a phone's number pad has no letters)."""
        return self.may_not_apply and not self.is_yes_no

    @property
    def says_not_applicable(self) -> bool:
        return self.text == wording.NOT_APPLICABLE

    @property
    def may_not_apply(self) -> bool:
        return self.entry.may_not_apply or bool(self.entry.alternative)

    @property
    def look(self) -> str:
        """The class of the cell: how it is drawn."""
        if self.problem:
            return "conf" if self.problem.is_stale else "inv"
        if self.reading.state == State.RETURNED:
            return "ret"
        return "open" if self.editable else "locked"


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
        return 8 if self.has_year_before else 7

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
        """Entered values that still stand with the person who enters."""
        return [c for c in self.cells if c.editable and not c.is_empty]

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


def has_year_before(opened: Round) -> bool:
    """Whether the year before stands in a column of its own: in a yearly round it is the period before."""
    return opened.period.kind != Period.Kind.YEAR


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
        history.with_previous(readings, year_before=has_year_before(assessment.round))
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


def threshold_of(reading: Reading, resolver: Resolver, area_id: int) -> Threshold | None:
    """The threshold pinned at the write, or the one that a value typed now would meet."""
    return reading.threshold or resolver.threshold_for(reading.input, area_id)


def is_open_to_entry(reading: Reading) -> bool:
    """Whether the value stands with the person who enters (scope and round apart)."""
    return reading.state in (State.DRAFT, State.RETURNED) and not reading.input.derived


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

"""One cell of a grid of values, whether its rows are indicators or units."""

from dataclasses import dataclass

from communes.models import Area
from communes.templatetags.vietnamese import verdict_words
from criteria.models import Indicator, Input, Period, Reading, Round, State, Threshold
from criteria.queries import wording
from criteria.queries.judged import Judged
from criteria.queries.marks import Marks, marks_in
from criteria.resolving import Resolver

PEOPLE = ("entered_by", "returned_by", "approved_by")


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
class Cell(Judged):
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
    def year_ago(self) -> str:
        return wording.shown_reading(self.year_before)

    @property
    def sign(self) -> str:
        """The sign of the verdict: ok, bad, na, nil, open."""
        return verdict_words(self.reading.verdict, self.why_open)[0]

    @property
    def unit(self) -> str:
        return wording.unit(self.entry)

    @property
    def marks(self) -> Marks:
        return marks_in(self.reading)

    @property
    def is_copied(self) -> bool:
        """Still as taken over from the period before: nobody has entered it."""
        reading = self.reading
        return reading.origin == Reading.Origin.PREFILLED and reading.state == State.DRAFT and not self.is_empty

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


def has_year_before(opened: Round) -> bool:
    """Whether the year before stands in a column of its own: in a yearly round it is the period before."""
    return opened.period.kind != Period.Kind.YEAR


def threshold_of(reading: Reading, resolver: Resolver, area_id: int) -> Threshold | None:
    """The threshold pinned at the write, or the one that a value typed now would meet."""
    return reading.threshold or resolver.threshold_for(reading.input, area_id)


def is_open_to_entry(reading: Reading) -> bool:
    """Whether the value stands with the person who enters (scope and round apart)."""
    return reading.state in (State.DRAFT, State.RETURNED) and not reading.input.derived

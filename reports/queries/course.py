"""How a value went over the years, and where the same pace would lead: the assumption is said with it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from communes.models import Area
from communes.queries import same_unit_ids
from criteria.models import CriteriaSet, Input, Period, Reading, State, Verdict
from criteria.queries import wording
from reports.queries.charts import Line, line
from reports.queries.explained import Value, shown_value
from reports.queries.standpoint import Standpoint


@dataclass(frozen=True)
class Course:
    """Approved values of one input, the oldest first, against the threshold that binds it now."""

    entry: Input
    points: list[tuple[Period, Reading]]
    bound: Decimal | None

    @property
    def numbers(self) -> list[tuple[str, Decimal]]:
        return [(str(period.year), row.value) for period, row in self.points if row.value is not None]

    @property
    def chart(self) -> Line | None:
        """The line with its threshold; nothing for yes and no."""
        return None if wording.is_yes_no(self.entry) else line(self.numbers, self.bound)

    @property
    def rows(self) -> list[tuple[Period, str, int]]:
        """Period, value in words and verdict, for the table beside the chart."""
        return [(period, shown_value(row), row.verdict) for period, row in self.points]

    @property
    def pace(self) -> Decimal | None:
        """The mean yearly change between the first and the last value."""
        numbers = self.numbers
        if len(numbers) < 2:
            return None
        years = int(numbers[-1][0]) - int(numbers[0][0])
        return (numbers[-1][1] - numbers[0][1]) / years if years else None

    @property
    def forecast(self) -> str:
        """When the threshold is reached at that pace; empty where it is met, or the value does not move towards it."""
        if self.bound is None or self.pace is None or self.points[-1][1].verdict != Verdict.NOT_MET:
            return ""
        left = self.bound - self.numbers[-1][1]
        if left * self.pace <= 0:
            return "Theo nhịp này thì không đạt."
        years = -(-left // self.pace) if left % self.pace else left / self.pace
        return f"Giữ nhịp này, đạt vào năm {int(self.numbers[-1][0]) + int(years)}."

    @property
    def pace_words(self) -> str:
        if not self.pace:
            return ""
        word = "tăng" if self.pace > 0 else "giảm"
        return f"Bình quân {word} {wording.difference(self.entry, self._rounded)} mỗi năm."

    @property
    def _rounded(self) -> Decimal:
        return (self.pace or Decimal(0)).quantize(Decimal("0.01")).normalize()


def courses_of(
    standpoint: Standpoint, area: Area, criteria_set: CriteriaSet, values: Iterable[Value]
) -> dict[int, Course]:
    """Input id → its course in the sets of that level and tier up to the page's period: two statements."""
    entries = {value.entry.code: value for value in values}
    rows = Reading.objects.filter(
        assessment__area__in=same_unit_ids(area),
        assessment__round__criteria_set__level=criteria_set.level,
        assessment__round__criteria_set__tier=criteria_set.tier,
        assessment__round__period__in=standpoint.yearly,
        input__code__in=entries,
        state=State.APPROVED,
    )
    found: dict[str, list[tuple[Period, Reading]]] = defaultdict(list)
    ordered = rows.select_related("input", "assessment__round__period").order_by("assessment__round__period__ends_on")
    for row in ordered:
        found[row.input.code].append((row.assessment.round.period, row))
    return {
        value.entry.pk: Course(value.entry, found[code], value.threshold.value if value.threshold else None)
        for code, value in entries.items()
    }

"""What every unit lacks, indicator by indicator, and how far it is: read for all units of a set in one statement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q

from communes.templatetags.vietnamese import so
from criteria.models import Criterion, Indicator, Input, Period, Reading, State, Verdict
from reports.queries.dashboard import choices

_SHOWN = (Criterion.Role.CRITERION, Criterion.Role.CONDITION)
_WHOLE = 100.0


@dataclass(frozen=True)
class Shortfall:
    """An indicator of a unit that does not simply hold. `gap` is in per cent of the threshold, where it fails."""

    indicator_id: int
    verdict: Verdict
    gap: float = 0.0
    reason: str = ""
    said: str = ""

    @property
    def step(self) -> int:
        """1 a little short, 2 short, 3 far short: steps of dashboard.yaml."""
        return 1 + sum(self.gap > bound for bound in choices()["gap_steps"])

    @property
    def sign(self) -> str:
        """The class of its cell: g1–g3 failing, nil without value, open without threshold, na not applicable."""
        if self.verdict == Verdict.NOT_MET:
            return f"g{self.step}"
        if self.verdict == Verdict.NOT_APPLICABLE:
            return "na"
        return "open" if self.reason == "no_threshold" else "nil"


def columns_of(criteria_set_ids: Iterable[int]) -> list[Indicator]:
    """The indicators that decide attainment, in the order of the law, each with the number of its inputs."""
    rows = Indicator.objects.filter(criterion__criteria_set_id__in=set(criteria_set_ids), criterion__role__in=_SHOWN)
    return list(rows.annotate(n_inputs=Count("inputs")).select_related("criterion").order_by("slot"))


def shortfalls(period: Period | None, columns: list[Indicator]) -> dict[int, dict[int, Shortfall]]:
    """Unit id → indicator id → what is short, undetermined or not applicable; what holds is left out. One statement."""
    several = [row.pk for row in columns if getattr(row, "n_inputs", 1) > 1]
    holds = Q(state=State.APPROVED, verdict=Verdict.MET)
    rows = Reading.objects.filter(
        ~holds | Q(input__indicator_id__in=several),
        assessment__round__period=period,
        assessment__round__province__code=settings.PROVINCE_CODE,
        input__indicator__in=columns,
    ).values_list(
        "assessment__area_id",
        "input__indicator_id",
        "state",
        "verdict",
        "value",
        "threshold__value",
        "input__operator",
        "input__value_type",
        "input__unit",
    )
    found: dict[int, dict[int, list[Shortfall]]] = defaultdict(lambda: defaultdict(list))
    for area_id, indicator_id, state, verdict, value, bound, operator, value_type, unit in rows:
        counted = Verdict(verdict) if state == State.APPROVED else Verdict.UNDETERMINED
        measure = _Measure(operator, value_type, unit, value, bound)
        found[area_id][indicator_id].append(_one(indicator_id, counted, state == State.APPROVED, measure))
    return {
        area: {pk: whole for pk, parts in by.items() if (whole := _whole(parts)) is not None}
        for area, by in found.items()
    }


@dataclass(frozen=True)
class _Measure:
    operator: str
    value_type: str
    unit: str
    value: Decimal | None
    bound: Decimal | None


def _one(indicator_id: int, verdict: Verdict, approved: bool, measure: _Measure) -> Shortfall:
    if verdict == Verdict.NOT_MET:
        return Shortfall(indicator_id, verdict, gap_of(measure.value, measure.bound), said=_said(measure))
    has_value = approved and measure.value is not None
    reason = "no_threshold" if has_value and measure.bound is None else "no_value"
    return Shortfall(indicator_id, verdict, reason=reason if verdict == Verdict.UNDETERMINED else "")


def gap_of(value: Decimal | None, bound: Decimal | None) -> float:
    """The distance of a failing value from its threshold in per cent of the threshold, 100 at most."""
    if value is None or bound is None or not bound:
        return _WHOLE
    return min(_WHOLE, float(abs(bound - value) / abs(bound) * 100))


def _said(measure: _Measure) -> str:
    """thiếu 13,6 điểm % · vượt 0,4 điểm % · chưa đạt."""
    if measure.value is None or measure.bound is None or measure.value_type == Input.ValueType.BOOLEAN:
        return "chưa đạt"
    unit = "điểm %" if measure.value_type == Input.ValueType.PERCENT else measure.unit
    word = "vượt" if measure.operator == Input.Operator.AT_MOST else "thiếu"
    return f"{word} {so(abs(measure.bound - measure.value))}\u00a0{unit}".rstrip("\u00a0")


def _whole(parts: list[Shortfall]) -> Shortfall | None:
    """The indicator out of its inputs: one that fails makes it fail, the widest gap stands for it; None = it holds."""
    failing = [part for part in parts if part.verdict == Verdict.NOT_MET]
    if failing:
        return max(failing, key=lambda part: part.gap)
    open_ones = [part for part in parts if part.verdict == Verdict.UNDETERMINED]
    if open_ones:
        return next((part for part in open_ones if part.reason == "no_threshold"), open_ones[0])
    return parts[0] if all(part.verdict == Verdict.NOT_APPLICABLE for part in parts) else None

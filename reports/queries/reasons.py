"""Why one unit attains its set or not, for other systems: the whole tree in three statements, or in two."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor
from communes.models import Classification
from criteria.models import Attainment, Criterion, Indicator, Input, Reading, State, Threshold, Verdict
from criteria.queries.attained import latest_approval
from criteria.queries.scope import readings_in_scope
from criteria.rules import thresholds
from reports.queries.explain import verdict_of
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.holdings import TIER_ORDER

_SHOWN = "indicators__inputs__"
_COLUMNS: dict[str, tuple[type, tuple[str, ...]]] = {
    "": (Criterion, ("pk", "code", "name", "role", "bit", "is_complete")),
    "indicators__": (Indicator, ("pk", "code", "name")),
    _SHOWN: (Input, ("pk", "code", "name", "value_type", "unit", "operator", "required_grade", "derived")),
    "given__": (Reading, ("pk", "value", "not_applicable", "verdict", "state", "is_illustrative", "threshold_id")),
    "given__threshold__": (Threshold, ("pk", "value", "legal_reference", "confidence", "is_illustrative")),
}


class UnknownFolder(LookupError):
    """The unit has no result of that set in the period."""


@dataclass(frozen=True)
class Reasons:
    """A result with its criteria, what fails first; `rows` of every role."""

    result: Attainment
    rows: list[CriterionRow]


def reasons(code: str, period: str, user: Actor, *, tier: str = "") -> Reasons:
    """The tree of a unit's set of the tier, else of its lowest one. Raises UnknownFolder."""
    found = [row for row in _results(code, period) if tier in ("", row.assessment.round.criteria_set.tier)]
    if not found:
        raise UnknownFolder(code)
    result = min(found, key=lambda row: (_rank(row.assessment.round.criteria_set.tier), row.pk))
    rows = _rows(result, user)
    order = {Verdict.NOT_MET: 0, Verdict.UNDETERMINED: 1}
    return Reasons(result, sorted(rows, key=lambda row: order.get(row.verdict, 2)))


def _rank(tier: str) -> int:
    return TIER_ORDER.index(tier) if tier in TIER_ORDER else len(TIER_ORDER)


def _results(code: str, period: str) -> Iterable[Any]:
    """Results of the unit in the period, each with its classes and what it stands on."""
    inside = Reading.objects.filter(assessment=OuterRef("pk"))
    end = OuterRef("assessment__round__period__ends_on")
    begun, open_still = Q(valid_from=None) | Q(valid_from__lte=end), Q(valid_to=None) | Q(valid_to__gte=end)
    classes = Classification.objects.filter(begun, open_still, area=OuterRef("assessment__area"))
    rows = Attainment.objects.filter(
        assessment__area__code=code,
        assessment__round__period__code=period,
    )
    return rows.select_related(
        "assessment__area", "assessment__round__period", "assessment__round__criteria_set"
    ).annotate(
        is_illustrative=Exists(inside.filter(is_illustrative=True)),
        input_watermark=latest_approval(),
        region=Subquery(classes.filter(scheme=Classification.Scheme.REGION).values("value")[:1]),
        group=Subquery(classes.filter(scheme=Classification.Scheme.COMMUNE_GROUP).values("value")[:1]),
    )


def _rows(result: Any, user: Actor) -> list[CriterionRow]:
    seen = _in_scope(user, result)
    found: dict[int, tuple[Criterion, dict[int, IndicatorRow]]] = {}
    open_values: list[Value] = []
    for criterion, indicator, entry, reading, threshold in _tree(result):
        rows = found.setdefault(criterion.pk, (criterion, {}))[1]
        if indicator is None:
            continue
        row = rows.setdefault(indicator.pk, IndicatorRow(indicator, []))
        if entry is None or reading is None:
            continue
        visible = reading if reading.state == State.APPROVED or reading.pk in seen else None
        value = Value(entry=entry, reading=visible, threshold=threshold)
        row.values.append(value)
        if threshold is None:
            open_values.append(value)
    _look_up(open_values, result)
    return [CriterionRow(one, _applying(rows.values()), verdict_of(one, result)) for one, rows in found.values()]


def _applying(rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
    """The indicators that the unit has to answer; all of them where it answers none."""
    every = list(rows)
    return [row for row in every if row.values] or every


def _in_scope(user: Actor, result: Any) -> set[int]:
    if not isinstance(user, User):
        return set()
    mine = readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment=result.pk)
    return set(mine.values_list("pk", flat=True))


def _tree(result: Any) -> Iterable[list[Any]]:
    """Criterion, indicator, input, reading and pinned threshold of each value: one statement for them all."""
    given = FilteredRelation(f"{_SHOWN}readings", condition=Q(**{f"{_SHOWN}readings__assessment": result.pk}))
    rows: QuerySet[Any] = Criterion.objects.filter(criteria_set=result.assessment.round.criteria_set_id)
    rows = rows.annotate(given=given).order_by("role", "bit", "indicators__ordinal", f"{_SHOWN}ordinal")
    columns = [prefix + name for prefix, (_, names) in _COLUMNS.items() for name in names]
    for row in rows.values_list(*columns):
        yield list(_models(row))


def _models(row: tuple) -> Iterable[Any]:
    start = 0
    for model, names in _COLUMNS.values():
        values = dict(zip(names, row[start : start + len(names)], strict=True))
        start += len(names)
        yield model(**values) if values["pk"] is not None else None


def _look_up(values: list[Value], result: Any) -> None:
    """The thresholds of values that have none pinned, as they bind the unit: one statement, none where all are."""
    known: dict[int, list[Threshold]] = {}
    inputs = {value.entry.pk for value in values}
    for row in Threshold.objects.filter(input__in=inputs).order_by("id") if inputs else ():
        known.setdefault(row.input_id, []).append(row)
    opened = result.assessment.round
    for value in values:
        value.threshold = thresholds.pick(
            known.get(value.entry.pk, []),
            region=result.region or opened.criteria_set.default_region,
            group=result.group or "",
            year=opened.period.year,
            on=opened.period.ends_on,
            province_id=opened.province_id,
        )

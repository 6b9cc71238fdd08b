"""Why a unit attains a set or not: its criteria, their indicators, the values, and who answers for each.

Everybody reads approved values; values still on their way, and the names of people, only those in whose scope they are.
"""

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor
from criteria.models import (
    Assessment,
    Attainment,
    CriteriaSet,
    Criterion,
    Reading,
    State,
    Verdict,
)
from criteria.models.readings import READING_STEPS
from criteria.procedure import Step, procedure_for
from criteria.queries import history
from criteria.queries.scope import readings_in_scope
from criteria.resolving import Resolver, resolver_for
from reports.queries.explained import CriterionRow, Explanation, IndicatorRow, Taken, Value

STEP_WORDS = {
    "entered": "Nhập",
    "submitted": "Nộp",
    "verified": "Thẩm tra",
    "appraised": "Thẩm định",
    "approved": "Phê duyệt",
}
_STEP_ROLES = {
    "entered": Step.ENTER,
    "submitted": Step.ENTER,
    "verified": Step.VERIFY,
    "appraised": Step.APPRAISE,
    "approved": Step.APPROVE,
}


def explain(assessment: Assessment, user: Actor) -> Explanation:
    """Unfold one assessment for a reader; about ten queries, whatever the number of indicators.

    `assessment` must come with its round, the round's set and period, its area and its attainment.
    """
    criteria_set = assessment.round.criteria_set
    seen = set(_in_scope(user, assessment))
    readings = _readings(assessment)
    resolver = resolver_for(assessment.round, assessment.area)
    values = _values(assessment, readings, seen, resolver)
    rows = _criteria(criteria_set, values, assessment.attainment)
    return Explanation(
        assessment=assessment,
        criteria_set=criteria_set,
        attainment=assessment.attainment,
        rows=rows[Criterion.Role.CRITERION],
        conditions=rows[Criterion.Role.CONDITION],
        recognition=rows[Criterion.Role.RECOGNITION],
        is_illustrative=any(reading.is_illustrative for reading in readings),
        region=resolver.region_of(assessment.area_id),
    )


def _in_scope(user: Actor, assessment: Assessment) -> Iterable[int]:
    if not isinstance(user, User):
        return []
    return readings_in_scope(user, Permission.SEE_DRAFTS).filter(assessment=assessment).values_list("pk", flat=True)


def _readings(assessment: Assessment) -> list[Reading]:
    people = [f"{step}_by" for step in READING_STEPS]
    return list(
        history.with_previous(assessment.readings.all())
        .select_related("input", "threshold__confirmed_by", *people)
        .order_by("input__ordinal", "pk")
    )


def _values(
    assessment: Assessment, readings: list[Reading], seen: set[int], resolver: Resolver
) -> dict[int, list[Value]]:
    """Indicator → its values as the reader may see them."""
    before = history.previous_of(readings)
    roles = _role_words(assessment)
    found: dict[int, list[Value]] = defaultdict(list)
    for reading in readings:
        visible = reading if reading.pk in seen or reading.state == State.APPROVED else None
        value = Value(
            entry=reading.input,
            reading=visible,
            threshold=reading.threshold or resolver.threshold_for(reading.input, assessment.area_id),
            previous=_if_public(before.get(reading.pk)),
            steps=_steps(visible, roles, by_name=reading.pk in seen),
            in_scope=reading.pk in seen,
        )
        found[reading.input.indicator_id].append(value)
    return found


def _if_public(previous: Reading | None) -> Reading | None:
    return previous if previous and previous.state == State.APPROVED else None


def _role_words(assessment: Assessment) -> dict[str, str]:
    procedure = procedure_for(assessment.area.level, assessment.round.period.ends_on)
    return {
        step: " hoặc ".join(sorted(role.label for role in procedure.roles.get(_STEP_ROLES[step], ())))
        for step in READING_STEPS
    }


def _steps(reading: Reading | None, roles: dict[str, str], *, by_name: bool) -> list[Taken]:
    if reading is None:
        return []
    return [
        Taken(STEP_WORDS[step], str(getattr(reading, f"{step}_by")) if by_name else roles[step], at)
        for step in READING_STEPS
        if (at := getattr(reading, f"{step}_at"))
    ]


def _criteria(
    criteria_set: CriteriaSet, values: dict[int, list[Value]], attainment: Attainment
) -> dict[str, list[CriterionRow]]:
    found: dict[str, list[CriterionRow]] = defaultdict(list)
    for criterion in criteria_set.criteria.order_by("bit").prefetch_related("indicators"):
        indicators = [IndicatorRow(i, values.get(i.pk, [])) for i in criterion.indicators.all()]
        applying = [row for row in indicators if row.values] or indicators
        found[criterion.role].append(CriterionRow(criterion, applying, verdict_of(criterion, attainment)))
    return found


def verdict_of(criterion: Criterion, attainment: Attainment) -> Verdict:
    """A criterion's verdict from the masks of its role."""
    prefix = {Criterion.Role.CONDITION: "conditions_", Criterion.Role.RECOGNITION: "recognition_"}
    role = prefix.get(Criterion.Role(criterion.role), "")
    if getattr(attainment, f"{role}failing") >> criterion.bit & 1:
        return Verdict.NOT_MET
    if getattr(attainment, f"{role}undetermined") >> criterion.bit & 1:
        return Verdict.UNDETERMINED
    return Verdict.MET

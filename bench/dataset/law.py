"""What is asked of a generated commune: one input a numbered indicator, a threshold wherever the law has none."""

from decimal import Decimal

from bench.dataset.territory import Province
from bench.scales import INDICATORS
from communes.models import Confidence
from criteria.models import CriteriaSet, Criterion, Input, Period, Threshold
from criteria.resolving import Resolver

_ANY_LEVEL = Decimal(50)


def sets() -> list[CriteriaSet]:
    """The sets, each after what it stands on."""
    return [CriteriaSet.objects.get(slug=slug) for slug in INDICATORS]


def inputs_of(criteria_set: CriteriaSet) -> list[Input]:
    """The first input of each numbered indicator of a criterion, and what the portal computes within the set."""
    found = Input.objects.filter(indicator__criterion__criteria_set=criteria_set).select_related("indicator__criterion")
    ordered = found.order_by("indicator__criterion__bit", "indicator__ordinal", "ordinal")
    first: dict[int, Input] = {}
    for entry in ordered.filter(indicator__criterion__role=Criterion.Role.CRITERION):
        first.setdefault(entry.indicator_id, entry)
    if len(first) != INDICATORS[criteria_set.slug]:
        raise ValueError(f"{criteria_set.slug} has {len(first)} indicators, not {INDICATORS[criteria_set.slug]}")
    return [*first.values(), *ordered.filter(derived__isnull=False)]


def resolver(criteria_set: CriteriaSet, province: Province, period: Period) -> Resolver:
    """The law as it binds every commune of the province (all of one region)."""
    return Resolver(
        criteria_set=criteria_set,
        province_id=province.area.pk,
        year=period.year,
        on=period.ends_on,
        area_ids=[province.communes[0].pk],
    )


def fill_gaps(provinces: list[Province], periods: list[Period]) -> None:
    """A provincial threshold wherever no text gives one: otherwise most of the country would be undetermined."""
    for criteria_set in sets():
        for province in provinces:
            Threshold.objects.bulk_create(_missing(criteria_set, province, periods))


def _missing(criteria_set: CriteriaSet, province: Province, periods: list[Period]) -> list[Threshold]:
    known = [resolver(criteria_set, province, period) for period in periods]
    unit = province.communes[0].pk
    return [
        Threshold(
            input=entry,
            province=province.area,
            value=_level(entry),
            confidence=Confidence.PLACEHOLDER,
            is_illustrative=True,
        )
        for entry in inputs_of(criteria_set)
        if any(each.threshold_for(entry, unit) is None for each in known)
    ]


def _level(entry: Input) -> Decimal:
    known = Threshold.objects.filter(input=entry).order_by("id").values_list("value", flat=True).first()
    return _ANY_LEVEL if known is None else known

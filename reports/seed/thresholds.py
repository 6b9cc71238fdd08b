"""Illustrative provincial thresholds wherever none is known, so that a newcomer sees whole results."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from communes.models import Area, Confidence
from criteria.models import CriteriaSet, Input, Threshold
from criteria.resolving import Resolver
from reports.seed import files


def load(province: Area) -> int:
    """Write one row for each input of the open sets that no threshold binds; returns how many."""
    plan = files.document("thresholds.yaml")
    sets = CriteriaSet.objects.filter(allows_rounds=True, level__in=plan["levels"]).order_by("slug")
    rows = [row for criteria_set in sets for row in _missing(plan, criteria_set, province)]
    Threshold.objects.bulk_create(rows, batch_size=100)
    return len(rows)


def _missing(plan: dict[str, Any], criteria_set: CriteriaSet, province: Area) -> Iterator[Threshold]:
    resolver = Resolver(
        criteria_set=criteria_set, province_id=province.pk, year=plan["valid_from"].year, on=plan["valid_from"]
    )
    inputs = Input.objects.filter(indicator__criterion__criteria_set=criteria_set).order_by("id")
    known = plan["values"].get(criteria_set.slug, {})
    for entry in inputs:
        if resolver.applies(entry, province.pk) and resolver.threshold_for(entry, province.pk) is None:
            yield Threshold(
                input=entry,
                province=province,
                value=known.get(entry.code) or _usual(plan, entry),
                valid_from=plan["valid_from"],
                valid_to=plan["valid_to"],
                legal_reference=plan["legal_reference"],
                confidence=Confidence.PLACEHOLDER,
                source=plan["source"],
                is_illustrative=True,
            )


def _usual(plan: dict[str, Any], entry: Input) -> Decimal:
    """The value for inputs that the file does not name, by type and comparison."""
    if entry.operator == Input.Operator.IS_TRUE:
        return Decimal(1)
    return Decimal(plan["otherwise"][entry.value_type][entry.operator])

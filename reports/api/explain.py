"""Why a unit attains its set or not, as a tree: criteria, indicators, values against thresholds."""

from typing import Any

from django.utils.timezone import localtime
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.api import AreaNameSerializer
from communes.etags import ConditionalReads
from communes.filters import refusal
from communes.models import Confidence
from criteria.api.serializers import STATUS, status_of
from criteria.models import Input, State, Verdict
from criteria.queries.attained import numbers_of
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.reasons import Reasons, UnknownFolder, reasons

CRITERIA, INDICATORS, VALUES = 1, 2, 3
FAILING, OPEN = "failing", "open"
_KEPT = {FAILING: {Verdict.NOT_MET}, OPEN: {Verdict.UNDETERMINED}, "": set(Verdict)}
_VERDICTS = [(each.name.lower(), each.label) for each in Verdict]


class AskedSerializer(serializers.Serializer):
    """How much of the tree."""

    tier = serializers.CharField(
        required=False, default="", max_length=30, help_text="ntm, advanced, model, …; the unit's lowest when absent."
    )
    only = serializers.ChoiceField(
        choices=[FAILING, OPEN], required=False, default="", help_text="Only what fails, or only what is open."
    )
    depth = serializers.IntegerField(
        required=False,
        default=VALUES,
        min_value=CRITERIA,
        max_value=VALUES,
        help_text="1 criteria, 2 indicators, 3 values.",
    )


class NeedsSerializer(serializers.Serializer):
    """What the law asks of a value."""

    operator = serializers.ChoiceField(choices=Input.Operator.choices)
    value = serializers.FloatField(allow_null=True, help_text="Null: no level is known (chưa có ngưỡng).")
    text = serializers.CharField(help_text="≥ 45%")


class ValueSerializer(serializers.Serializer):
    """One value against its threshold. `has` is null where nothing approved may be read."""

    rule = serializers.CharField(help_text="Code of the input: 17.1.a.")
    name = serializers.CharField()
    needs = NeedsSerializer()
    has = serializers.FloatField(allow_null=True)
    not_applicable = serializers.BooleanField()
    gap = serializers.FloatField(allow_null=True, help_text="What is missing or too much; null where nothing is.")
    gap_text = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    legal_ref = serializers.CharField(allow_null=True)
    confidence = serializers.ChoiceField(choices=Confidence.choices, allow_null=True)
    source_value_id = serializers.IntegerField(allow_null=True, help_text="Id under /readings/.")
    state = serializers.ChoiceField(choices=[(each.name.lower(), each.label) for each in State], allow_null=True)
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    is_illustrative = serializers.BooleanField()


class IndicatorNodeSerializer(serializers.Serializer):
    """An indicator; `values` only at depth 3."""

    code = serializers.CharField()
    name = serializers.CharField()
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    reason = serializers.CharField(allow_null=True, help_text="Of an open one: no_value, no_threshold.")
    values = ValueSerializer(many=True, required=False)


class CriterionNodeSerializer(serializers.Serializer):
    """A criterion; `indicators` from depth 2 on."""

    code = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    reason = serializers.CharField(allow_null=True, help_text="Of an open one: no_value, no_threshold, incomplete.")
    indicators_met = serializers.IntegerField()
    indicators_total = serializers.IntegerField()
    indicators = IndicatorNodeSerializer(many=True, required=False)


class ExplainSerializer(serializers.Serializer):
    """A result with its reasons, what fails first, and what it stands on."""

    unit = AreaNameSerializer()
    period = serializers.CharField()
    territory_on = serializers.DateField()
    set = serializers.CharField()
    set_version = serializers.IntegerField()
    tier = serializers.CharField()
    legal_basis = serializers.ListField(child=serializers.CharField())
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    criteria_met = serializers.IntegerField()
    criteria_total = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUS)
    epoch = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    input_watermark = serializers.DateTimeField(allow_null=True)
    is_illustrative = serializers.BooleanField()
    criteria = CriterionNodeSerializer(many=True)


class ExplainView(ConditionalReads, APIView):
    """Why a unit attains its set or not in a period."""

    @extend_schema(parameters=[AskedSerializer], responses=ExplainSerializer, operation_id="attainment_explain")
    def get(self, request: Request, unit: str, period: str) -> Response:
        asked = AskedSerializer(data=request.query_params)
        for name in set(request.query_params) - set(asked.fields):
            known = ", ".join(asked.fields)
            raise refusal(name, f"Không có tham số này. Các tham số dùng được: {known}.", "unknown_parameter")
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        try:
            found = reasons(unit, period, request.user, tier=said["tier"])
        except UnknownFolder:
            raise NotFound from None
        return Response(_result(found) | {"criteria": _criteria(found, said["only"], said["depth"])})


def _result(found: Reasons) -> dict[str, Any]:
    result: Any = found.result
    folder = result.assessment
    opened, law = folder.round, folder.round.criteria_set
    return {
        "unit": {"code": folder.area.code, "name": folder.area.name, "kind": folder.area.kind},
        "period": opened.period.code,
        "territory_on": opened.period.ends_on,
        "set": law.slug,
        "set_version": law.version,
        "tier": law.tier,
        "legal_basis": numbers_of(law.legal_basis),
        "verdict": _word(result.verdict),
        "criteria_met": result.criteria_met,
        "criteria_total": result.criteria_met + result.criteria_failing + result.criteria_undetermined,
        "status": status_of(opened.closed_on),
        "epoch": result.epoch,
        "computed_at": localtime(result.computed_at),
        "input_watermark": result.input_watermark and localtime(result.input_watermark),
        "is_illustrative": result.is_illustrative,
    }


def _criteria(found: Reasons, only: str, depth: int) -> list[dict[str, Any]]:
    kept = _KEPT[only]
    return [_criterion(row, kept, depth) for row in found.rows if row.verdict in kept]


def _criterion(row: CriterionRow, kept: set[Verdict], depth: int) -> dict[str, Any]:
    below = [*row.failing, *row.open, *row.holding] if depth >= INDICATORS else []
    return {
        "code": row.criterion.code,
        "name": row.criterion.name,
        "role": row.criterion.role,
        "verdict": _word(row.verdict),
        "reason": row.reason if row.verdict == Verdict.UNDETERMINED else None,
        "indicators_met": row.met,
        "indicators_total": row.total,
    } | ({"indicators": [_indicator(each, kept, depth) for each in below if each.verdict in kept]} if below else {})


def _indicator(row: IndicatorRow, kept: set[Verdict], depth: int) -> dict[str, Any]:
    values = [_value(each) for each in row.values if each.verdict in kept] if depth >= VALUES else None
    return {
        "code": row.indicator.code,
        "name": row.indicator.name,
        "verdict": _word(row.verdict),
        "reason": row.reason if row.verdict == Verdict.UNDETERMINED else None,
    } | ({} if values is None else {"values": values})


def _value(value: Value) -> dict[str, Any]:
    threshold, reading = value.threshold, value.reading
    return {
        "rule": value.entry.code,
        "name": value.entry.name,
        "needs": {
            "operator": value.entry.operator,
            "value": threshold.value if threshold else None,
            "text": value.requirement,
        },
        "has": value.number,
        "not_applicable": bool(reading and reading.not_applicable),
        "gap": _gap(value),
        "gap_text": value.gap,
        "unit": value.entry.unit,
        "legal_ref": threshold.legal_reference or None if threshold else None,
        "confidence": threshold.confidence if threshold else None,
        "source_value_id": reading.pk if reading else None,
        "state": State(reading.state).name.lower() if reading else None,
        "verdict": _word(value.verdict),
        "is_illustrative": bool(reading and reading.is_illustrative),
    }


def _gap(value: Value) -> Any:
    """How far the value is on the wrong side of its threshold."""
    if value.number is None or value.threshold is None:
        return None
    over = value.number - value.threshold.value
    short = over if value.entry.operator == Input.Operator.AT_MOST else -over
    return short if short > 0 else None


def _word(verdict: int) -> str:
    return Verdict(verdict).name.lower()

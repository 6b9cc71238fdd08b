"""What the contract promises of the summary and the explanations; the answers are made by reports.queries."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from criteria.api.serializers import STATUS
from criteria.models import Verdict


class _Verdict(serializers.ChoiceField):
    def __init__(self, **kwargs) -> None:
        super().__init__(choices=[(word.name.lower(), word.label) for word in Verdict], **kwargs)


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "array", "items": {"type": "string"}}]})
class _Promise(serializers.Field):
    """A number, or the names of units."""


class TierCountsSerializer(serializers.Serializer):
    """Communes by tier."""

    ntm = serializers.IntegerField()
    advanced = serializers.IntegerField()
    model = serializers.IntegerField()


class InForceSerializer(TierCountsSerializer):
    """Xã that hold each tier, with both denominators."""

    stated = serializers.IntegerField(allow_null=True)
    register = serializers.IntegerField()


class CriteriaCountSerializer(serializers.Serializer):
    """Criteria of the province's own scheme; null where the year has no round."""

    met = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class OcopYearSerializer(serializers.Serializer):
    """OCOP in the year; markets are ISO 3166 codes."""

    rated_in_year = serializers.IntegerField()
    cumulative = serializers.IntegerField()
    proposed_4_star = serializers.IntegerField()
    exported = serializers.IntegerField()
    export_markets = serializers.ListField(child=serializers.CharField())
    five_star = serializers.IntegerField()


class CommendationsSerializer(serializers.Serializer):
    collectives = serializers.IntegerField()
    individuals = serializers.IntegerField()


class IllustrativeSerializer(serializers.Serializer):
    """Where generated rows take part."""

    communes_recognised = serializers.BooleanField()
    districts_recognised = serializers.BooleanField()
    ocop = serializers.BooleanField()
    sponsorship = serializers.BooleanField()
    commendations = serializers.BooleanField()


class LawSerializer(serializers.Serializer):
    """A set that counted in the year."""

    set = serializers.CharField()
    set_version = serializers.IntegerField()
    legal_basis = serializers.ListField(child=serializers.CharField(), help_text="Numbers of decisions.")


class SummarySerializer(serializers.Serializer):
    """The province's year; money is integer đồng, by channel and in `total`."""

    year = serializers.IntegerField()
    as_of = serializers.DateField(allow_null=True)
    communes_recognised = TierCountsSerializer()
    districts_recognised = serializers.ListField(child=serializers.CharField())
    districts_submitted = serializers.ListField(child=serializers.CharField())
    province_criteria = CriteriaCountSerializer()
    ocop = OcopYearSerializer()
    sponsorship = serializers.DictField(child=serializers.IntegerField())
    commendations = CommendationsSerializer()
    targets = serializers.DictField(child=_Promise())
    in_force = InForceSerializer()
    illustrative = IllustrativeSerializer()
    sets = LawSerializer(many=True)
    territory_on = serializers.DateField(help_text="The day whose units the year counts.")
    status = serializers.ChoiceField(choices=STATUS)
    epoch = serializers.IntegerField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    input_watermark = serializers.DateTimeField(allow_null=True, help_text="When the latest value was approved.")


class NamedUnitSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class ExplainedUnitSerializer(NamedUnitSerializer):
    level = serializers.CharField()
    kind = serializers.CharField()


class HeldByDecisionSerializer(serializers.Serializer):
    """The highest tier held by decision."""

    tier = serializers.CharField()
    decision = serializers.CharField(allow_null=True)
    counts_from = serializers.DateField(allow_null=True)


class TakenStepSerializer(serializers.Serializer):
    step = serializers.CharField()
    who = serializers.CharField(help_text="A role; a person only for whoever may see it.")
    at = serializers.DateTimeField(allow_null=True)


class EvidenceNameSerializer(serializers.Serializer):
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ExplainedValueSerializer(serializers.Serializer):
    """A value against its threshold."""

    input = serializers.CharField()
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    not_applicable = serializers.BooleanField()
    counts = serializers.BooleanField(help_text="Whether it is approved and so counts.")
    verdict = _Verdict()
    operator = serializers.CharField()
    threshold = serializers.FloatField(allow_null=True)
    requirement = serializers.CharField(help_text="The threshold in Vietnamese.")
    legal_reference = serializers.CharField(allow_null=True)
    confidence = serializers.CharField(allow_null=True)
    gap = serializers.CharField(allow_null=True, help_text="What is missing, in Vietnamese.")
    is_illustrative = serializers.BooleanField()
    counted = serializers.DictField(allow_null=True, help_text="What a derived value was counted from.")
    steps = TakenStepSerializer(many=True)
    evidence = EvidenceNameSerializer(many=True)


class ExplainedIndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    verdict = _Verdict()
    reason = serializers.CharField(allow_null=True)
    values = ExplainedValueSerializer(many=True)


class ExplainedCriterionSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    verdict = _Verdict()
    reason = serializers.CharField(allow_null=True)
    indicators_met = serializers.IntegerField()
    indicators_total = serializers.IntegerField()
    indicators = ExplainedIndicatorSerializer(many=True)


class MemberSerializer(NamedUnitSerializer):
    """A unit below: its own explanation has its own address."""

    holds = serializers.BooleanField(allow_null=True)
    recognised = HeldByDecisionSerializer(allow_null=True)
    verdict = _Verdict()
    criteria_met = serializers.IntegerField(allow_null=True)
    criteria_total = serializers.IntegerField(allow_null=True)


class ExplanationSerializer(serializers.Serializer):
    """A node of the tree with what stands below it; what fails comes first."""

    unit = ExplainedUnitSerializer()
    district = NamedUnitSerializer(allow_null=True)
    period = serializers.CharField(allow_null=True)
    official = serializers.BooleanField()
    as_of = serializers.DateField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    run = serializers.IntegerField(allow_null=True)
    set = serializers.CharField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    verdict = _Verdict()
    recognised = HeldByDecisionSerializer(allow_null=True)
    criteria_met = serializers.IntegerField(allow_null=True)
    criteria_total = serializers.IntegerField(allow_null=True)
    is_illustrative = serializers.BooleanField()
    criteria = ExplainedCriterionSerializer(many=True)
    members = MemberSerializer(many=True)
    page = serializers.CharField(help_text="The same node for people.")

"""The law over the API: criteria sets, indicators with their thresholds, periods and rounds."""

from django.db.models import Prefetch, Q
from rest_framework import serializers
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.errors import OutOfScope
from communes.api import ShownSerializer
from communes.etags import ConditionalReads
from criteria.filters import CriteriaSetFilterSet, IndicatorFilterSet, PeriodFilterSet, RoundFilterSet
from criteria.models import CriteriaSet, Criterion, Indicator, Input, Period, Round, Threshold


class CriteriaSetSerializer(ShownSerializer):
    """A set: what its text declares, what is loaded of it, and how much is missing."""

    complete = serializers.BooleanField(source="is_complete", read_only=True)
    missing_indicators = serializers.IntegerField(read_only=True)

    class Meta:
        model = CriteriaSet
        fields = [
            "slug",
            "version",
            "level",
            "kinds",
            "tier",
            "name",
            "legal_basis",
            "effective_from",
            "effective_to",
            "declared_criteria",
            "declared_indicators",
            "listed_criteria",
            "listed_indicators",
            "missing_indicators",
            "complete",
            "allows_rounds",
            "confidence",
            "notes",
        ]


class CriterionSerializer(ShownSerializer):
    class Meta:
        model = Criterion
        fields = [
            "code",
            "name",
            "role",
            "group_code",
            "group_name",
            "is_complete",
            "is_placeholder",
            "confidence",
            "source",
        ]


class CriteriaSetDetailSerializer(CriteriaSetSerializer):
    """A set with its criteria."""

    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta(CriteriaSetSerializer.Meta):
        fields = [*CriteriaSetSerializer.Meta.fields, "criteria"]


class CriteriaSetViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Criteria sets in every version; the address of a set is its newest version."""

    queryset = CriteriaSet.objects.all()
    filterset_class = CriteriaSetFilterSet
    lookup_field = "slug"
    keyset = ("slug", "version")

    def get_serializer_class(self):
        return CriteriaSetDetailSerializer if self.detail else CriteriaSetSerializer

    def get_object(self):
        found = self.filter_queryset(self.get_queryset()).filter(slug=self.kwargs["slug"])
        newest = found.prefetch_related("criteria").order_by("-version").first()
        if newest is None:
            raise OutOfScope(f"Không có bộ tiêu chí “{self.kwargs['slug']}”.")
        return newest


class ThresholdSerializer(ShownSerializer):
    """A known threshold; empty region, group and null year mean "any"."""

    province = serializers.CharField(source="province.code", default=None, allow_null=True, read_only=True)
    confirmed = serializers.SerializerMethodField()

    class Meta:
        model = Threshold
        fields = [
            "value",
            "province",
            "region",
            "group",
            "year",
            "valid_from",
            "valid_to",
            "legal_reference",
            "confidence",
            "confirmed",
            "source",
            "is_illustrative",
        ]

    def get_confirmed(self, threshold: Threshold) -> bool:
        return threshold.confirmed_at is not None


class InputSerializer(ShownSerializer):
    """What is entered. No threshold in the list means that none is known (chưa có ngưỡng)."""

    thresholds = ThresholdSerializer(many=True, source="known_thresholds", read_only=True)
    is_derived = serializers.SerializerMethodField()

    class Meta:
        model = Input
        fields = [
            "code",
            "name",
            "value_type",
            "unit",
            "operator",
            "required_grade",
            "regions",
            "may_not_apply",
            "alternative",
            "is_derived",
            "confidence",
            "thresholds",
        ]

    def get_is_derived(self, entry: Input) -> bool:
        return bool(entry.derived)


class IndicatorSerializer(ShownSerializer):
    """An indicator; it holds when all its inputs hold."""

    set = serializers.CharField(source="criterion.criteria_set.slug", read_only=True)
    set_version = serializers.IntegerField(source="criterion.criteria_set.version", read_only=True)
    criterion = serializers.CharField(source="criterion.code", read_only=True)
    inputs = InputSerializer(many=True, read_only=True)

    class Meta:
        model = Indicator
        fields = [
            "id",
            "set",
            "set_version",
            "criterion",
            "code",
            "name",
            "may_not_apply",
            "set_by_province",
            "is_numbered",
            "is_placeholder",
            "confidence",
            "name_confidence",
            "source",
            "notes",
            "inputs",
        ]


class IndicatorViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Indicators with their inputs and known thresholds."""

    queryset = Indicator.objects.none()
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        thresholds = Threshold.objects.select_related("province").order_by("valid_from", "id")
        if region := self.request.query_params.get("region"):
            thresholds = thresholds.filter(Q(region=region) | Q(region=""))
        inputs = Input.objects.prefetch_related(Prefetch("thresholds", thresholds, to_attr="known_thresholds"))
        indicators = Indicator.objects.select_related("criterion__criteria_set")
        return indicators.prefetch_related(Prefetch("inputs", inputs.order_by("ordinal")))


class PeriodSerializer(ShownSerializer):
    class Meta:
        model = Period
        fields = ["code", "kind", "year", "starts_on", "ends_on"]


class PeriodViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Reporting periods; the territory of a period is that of its last day."""

    queryset = Period.objects.all()
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilterSet
    lookup_field = "code"
    keyset = ("ends_on", "id")


class RoundSerializer(ShownSerializer):
    """A set opened for a period."""

    period = serializers.CharField(source="period.code", read_only=True)
    set = serializers.CharField(source="criteria_set.slug", read_only=True)
    is_open = serializers.BooleanField(read_only=True)

    class Meta:
        model = Round
        fields = ["id", "period", "set", "due_on", "opened_at", "closed_on", "is_open"]


class RoundViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Rounds of the province."""

    queryset = Round.objects.select_related("period", "criteria_set")
    serializer_class = RoundSerializer
    filterset_class = RoundFilterSet
    lookup_value_regex = "[0-9]{1,18}"


def register(router: BaseRouter) -> None:
    """Addresses of the law."""
    router.register("criteria-sets", CriteriaSetViewSet, basename="criteria-set")
    router.register("indicators", IndicatorViewSet, basename="indicator")
    router.register("periods", PeriodViewSet, basename="period")
    router.register("rounds", RoundViewSet, basename="round")

"""The law over the API: criteria sets, indicators with their thresholds, periods and rounds."""

from django.db.models import Q
from rest_framework import serializers
from rest_framework.routers import BaseRouter

from accounts.errors import OutOfScope
from communes.api import ShownSerializer
from communes.lists import Listing
from communes.shapes import Beside, Computed, children
from criteria.filters import CriteriaSetFilterSet, IndicatorFilterSet, PeriodFilterSet, RoundFilterSet
from criteria.models import CriteriaSet, Criterion, Indicator, Input, Period, Round, Threshold


def missing(declared: int | None, listed: int) -> int:
    """How many of the declared indicators no text was found for."""
    return max(0, (declared or 0) - listed)


class CriteriaSetSerializer(ShownSerializer):
    """A set: what its text declares, what is loaded of it, and how much is missing."""

    complete = serializers.BooleanField(read_only=True)
    missing_indicators = serializers.IntegerField(read_only=True)
    computed = {
        "missing_indicators": Computed(("declared_indicators", "listed_indicators"), missing),
        "complete": Computed(
            ("allows_rounds", "declared_indicators", "listed_indicators"),
            lambda allows, declared, listed: allows and missing(declared, listed) == 0,
        ),
    }

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
        brief = ["slug", "version", "name"]


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


class CriteriaSetViewSet(Listing):
    """Criteria sets in every version; the address of a set is its newest version."""

    queryset = CriteriaSet.objects.all()
    filterset_class = CriteriaSetFilterSet
    lookup_field = "slug"
    keyset = ("slug", "version", "id")
    orderings = {"slug": "slug", "version": "version", "name": "name", "effective_from": "effective_from"}

    def get_serializer_class(self):
        return CriteriaSetDetailSerializer if self.detail else CriteriaSetSerializer

    def beside(self) -> dict[str, Beside]:
        return (
            {"criteria": children(Criterion.objects.all(), "criteria_set", CriterionSerializer)} if self.detail else {}
        )

    def find(self, rows):
        return super().find(rows).order_by("-version")

    def absent(self):
        return OutOfScope(f"Không có bộ tiêu chí “{self.kwargs['slug']}”.")


class ThresholdSerializer(ShownSerializer):
    """A known threshold; empty region, group and null year mean "any"."""

    province = serializers.CharField(source="province.code", default=None, read_only=True)
    confirmed = serializers.BooleanField(read_only=True)
    computed = {"confirmed": Computed(("confirmed_at",), lambda at: at is not None)}

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


class InputSerializer(ShownSerializer):
    """What is entered. No threshold in the list means that none is known (chưa có ngưỡng)."""

    thresholds = ThresholdSerializer(many=True, read_only=True)
    is_derived = serializers.BooleanField(read_only=True)
    computed = {"is_derived": Computed(("derived",), bool)}

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


class IndicatorViewSet(Listing):
    """Indicators with their inputs and known thresholds."""

    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    orderings = {
        "id": "pk",
        "set": "criterion__criteria_set__slug",
        "criterion": "criterion__bit",
        "code": "code",
        "name": "name",
    }

    def beside(self) -> dict[str, Beside]:
        thresholds = Threshold.objects.order_by("valid_from", "id")
        if region := self.request.query_params.get("region"):
            thresholds = thresholds.filter(Q(region=region) | Q(region=""))
        known = children(thresholds, "input", ThresholdSerializer)
        inputs = Input.objects.order_by("ordinal")
        return {"inputs": children(inputs, "indicator", InputSerializer, thresholds=known)}


class PeriodSerializer(ShownSerializer):
    class Meta:
        model = Period
        fields = ["code", "kind", "year", "starts_on", "ends_on"]


class PeriodViewSet(Listing):
    """Reporting periods; the territory of a period is that of its last day."""

    queryset = Period.objects.all()
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilterSet
    lookup_field = "code"
    keyset = ("ends_on", "id")
    orderings = {"code": "code", "year": "year", "starts_on": "starts_on", "ends_on": "ends_on"}


class RoundSerializer(ShownSerializer):
    """A set opened for a period."""

    period = serializers.CharField(source="period.code", read_only=True)
    set = serializers.CharField(source="criteria_set.slug", read_only=True)
    is_open = serializers.BooleanField(read_only=True)
    computed = {"is_open": Computed(("closed_on",), lambda day: day is None)}

    class Meta:
        model = Round
        fields = ["id", "period", "set", "due_on", "opened_at", "closed_on", "is_open"]
        brief = ["id", "period", "set"]


class RoundViewSet(Listing):
    """Rounds of the province."""

    queryset = Round.objects.all()
    orderings = {
        "id": "pk",
        "period": "period__ends_on",
        "set": "criteria_set__slug",
        "due_on": "due_on",
        "opened_at": "opened_at",
        "closed_on": "closed_on",
    }
    serializer_class = RoundSerializer
    filterset_class = RoundFilterSet
    lookup_value_regex = "[0-9]{1,18}"


def register(router: BaseRouter) -> None:
    """Addresses of the law."""
    router.register("criteria-sets", CriteriaSetViewSet, basename="criteria-set")
    router.register("indicators", IndicatorViewSet, basename="indicator")
    router.register("periods", PeriodViewSet, basename="period")
    router.register("rounds", RoundViewSet, basename="round")

"""Recognition by decision and the plans of a year, over the API."""

from django.db.models import Q
from rest_framework import serializers
from rest_framework.routers import BaseRouter

from communes.api import AreaNameSerializer, ShownSerializer
from communes.filters import date_asked
from communes.lists import Listing
from communes.shapes import Beside, children
from criteria.filters import RecognitionFilterSet, TargetFilterSet
from criteria.models import Decision, Recognition, Target
from criteria.queries.recognition import known_by


class DecisionSerializer(ShownSerializer):
    class Meta:
        model = Decision
        fields = ["number", "issued_on", "issuer", "title", "confidence", "is_illustrative"]


class RecognitionSerializer(ShownSerializer):
    """A tier granted, carried over or revoked. `is_dated` false reads "chưa rõ ngày"."""

    area = AreaNameSerializer(read_only=True)
    act_name = serializers.CharField(source="get_act_display", read_only=True)
    decision = DecisionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Recognition
        fields = [
            "id",
            "area",
            "tier",
            "act",
            "act_name",
            "decision",
            "result_year",
            "round_label",
            "counts_from",
            "is_dated",
            "rule_set",
            "model_field",
            "confidence",
            "number_confidence",
            "source",
            "note",
            "is_illustrative",
        ]
        brief = ["id", "area", "tier", "act"]


class RecognitionViewSet(Listing):
    """Decisions taken by `as_of` (today without it); one without any date counts at every date."""

    queryset = Recognition.objects.none()
    serializer_class = RecognitionSerializer
    filterset_class = RecognitionFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {
        "id": "pk",
        "area": "area__code",
        "name": "area__sort_key",
        "tier": "tier",
        "result_year": "result_year",
        "counts_from": "counts_from",
    }

    def get_queryset(self):
        return Recognition.objects.filter(known_by(date_asked(self.request)))


class TargetSerializer(ShownSerializer):
    """What the plan of a year promises; `areas` are the units that it names."""

    area = AreaNameSerializer(read_only=True)
    areas = AreaNameSerializer(many=True, read_only=True)

    class Meta:
        model = Target
        fields = [
            "id",
            "area",
            "year",
            "measure",
            "name",
            "value",
            "unit",
            "is_minimum",
            "areas",
            "decided_on",
            "source",
        ]
        brief = ["id", "area", "year", "measure", "value"]


class TargetViewSet(Listing):
    """Targets decided by `as_of` (today without it); one without a date counts at every date."""

    queryset = Target.objects.none()
    serializer_class = TargetSerializer
    filterset_class = TargetFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    keyset = ("year", "ordinal", "id")
    orderings = {"id": "pk", "year": "year", "area": "area__code", "measure": "measure", "decided_on": "decided_on"}

    def get_queryset(self):
        decided = Q(decided_on=None) | Q(decided_on__lte=date_asked(self.request))
        return Target.objects.filter(decided)

    def beside(self) -> dict[str, Beside]:
        named = Target.areas.through.objects.order_by("area__sort_key", "area_id")
        return {"areas": children(named, "target", AreaNameSerializer, "area__")}


def register(router: BaseRouter) -> None:
    """Addresses of recognition and plans."""
    router.register("recognitions", RecognitionViewSet, basename="recognition")
    router.register("targets", TargetViewSet, basename="target")

"""Territory over the API: communes, districts and provinces as they stood on a date."""

from typing import Any

from django.db.models import F, Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.errors import OutOfScope
from communes.etags import ConditionalReads
from communes.filters import AreaFilterSet, CommuneFilterSet, DistrictFilterSet, date_asked
from communes.models import Area, AreaChange, Level, Placement, valid_on


class ShownSerializer(serializers.ModelSerializer):
    """How a row is shown; nothing of it is ever written through a serializer."""

    def get_extra_kwargs(self) -> dict[str, dict[str, bool]]:
        shown = {name: {"read_only": True} for name in self.Meta.fields}
        model: Any = self.Meta.model
        for field in model._meta.fields:
            if field.name in shown and field.choices and field.blank:
                shown[field.name]["allow_blank"] = True  # one of the words, or none: the contract says so
        return shown


class AreaNameSerializer(ShownSerializer):
    """A unit as other resources name it."""

    class Meta:
        model = Area
        fields = ["code", "name", "kind"]


class AreaSerializer(ShownSerializer):
    """A unit with its parent on the date asked for."""

    parent = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = Area
        fields = [
            "code",
            "name",
            "short_name",
            "kind",
            "level",
            "valid_from",
            "valid_to",
            "parent",
            "confidence",
        ]

    @extend_schema_field(AreaNameSerializer(allow_null=True))
    def get_parent(self, area: Any) -> dict[str, Any] | None:
        parent = next((placement.parent for placement in area.placed), None)
        return AreaNameSerializer(parent).data if parent else None


class ChangeSerializer(ShownSerializer):
    """One change of territory, seen from the unit that it is listed under."""

    change_name = serializers.CharField(source="get_change_display", read_only=True)

    class Meta:
        model = AreaChange
        fields = ["change", "change_name", "effective_on", "is_partial", "legal_basis", "confidence", "note"]


class PredecessorSerializer(ChangeSerializer):
    area = AreaNameSerializer(source="old")

    class Meta(ChangeSerializer.Meta):
        fields = ["area", *ChangeSerializer.Meta.fields]


class SuccessorSerializer(ChangeSerializer):
    area = AreaNameSerializer(source="new", allow_null=True)

    class Meta(ChangeSerializer.Meta):
        fields = ["area", *ChangeSerializer.Meta.fields]


class AreaDetailSerializer(AreaSerializer):
    """A unit with what it came from and what became of it; a null successor means a level that ended."""

    predecessors = PredecessorSerializer(source="came_from", many=True, read_only=True)
    successors = SuccessorSerializer(source="became", many=True, read_only=True)

    class Meta(AreaSerializer.Meta):
        fields = [*AreaSerializer.Meta.fields, "predecessors", "successors"]


class AreaViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Units of one level that exist on `as_of`."""

    level: Level
    queryset = Area.objects.none()
    lookup_field = "code"
    lookup_value_regex = "[0-9]+"
    keyset = ("sort_key", "id")

    def get_queryset(self):
        on = date_asked(self.request)
        placed = Placement.objects.filter(valid_on(on)).select_related("parent")
        areas = Area.objects.as_of(on).filter(level=self.level)
        areas = areas.prefetch_related(Prefetch("placements", placed, to_attr="placed"))
        return areas.prefetch_related(*_history()) if self.detail else areas

    def get_serializer_class(self):
        return AreaDetailSerializer if self.detail else AreaSerializer

    def get_object(self):
        code = self.kwargs["code"]
        area = self.filter_queryset(self.get_queryset()).filter(code=code).first()
        if area is None:
            raise OutOfScope(f"Không có đơn vị mã {code} vào ngày {date_asked(self.request):%d/%m/%Y}.")
        return area


def _history() -> list[Prefetch]:
    """What a unit came from and became; a row whose old and new are one unit tells nothing new."""
    changes = AreaChange.objects.exclude(new__isnull=False, old=F("new"))
    return [
        Prefetch("changes_in", changes.select_related("old"), to_attr="came_from"),
        Prefetch("changes_out", changes.select_related("new"), to_attr="became"),
    ]


class CommuneViewSet(AreaViewSet):
    """Communes, wards and townships."""

    level = Level.COMMUNE
    filterset_class = CommuneFilterSet


class DistrictViewSet(AreaViewSet):
    """Districts, towns and cities of the province; none from 1 July 2025."""

    level = Level.DISTRICT
    filterset_class = DistrictFilterSet


class ProvinceViewSet(AreaViewSet):
    """The province."""

    level = Level.PROVINCE
    filterset_class = AreaFilterSet


def register(router: BaseRouter) -> None:
    """Addresses of this app."""
    router.register("communes", CommuneViewSet, basename="commune")
    router.register("districts", DistrictViewSet, basename="district")
    router.register("provinces", ProvinceViewSet, basename="province")

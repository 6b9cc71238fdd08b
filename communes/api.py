"""Territory over the API: communes, districts and provinces as they stood on a date."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Case, F, When
from rest_framework import serializers
from rest_framework.routers import BaseRouter

from accounts.errors import OutOfScope
from communes.filters import AreaFilterSet, CommuneFilterSet, DistrictFilterSet, date_asked
from communes.lists import Listing
from communes.models import Area, AreaChange, Level, Placement, valid_on
from communes.shapes import Beside, children


class ShownSerializer(serializers.ModelSerializer):
    """How a row is shown; nothing of it is ever written through a serializer."""

    def get_extra_kwargs(self) -> dict[str, dict[str, bool]]:
        return {name: {"read_only": True} for name in self.Meta.fields}


class AreaNameSerializer(ShownSerializer):
    """A unit as other resources name it."""

    class Meta:
        model = Area
        fields = ["code", "name", "kind"]


class AreaSerializer(ShownSerializer):
    """A unit with its parent on the date asked for."""

    parent = AreaNameSerializer(read_only=True, allow_null=True)

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
        brief = ["code", "name", "kind"]


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

    exists = serializers.BooleanField(read_only=True, help_text="Whether there was such a unit on the date.")
    predecessors = PredecessorSerializer(many=True, read_only=True)
    successors = SuccessorSerializer(many=True, read_only=True)

    class Meta(AreaSerializer.Meta):
        fields = [*AreaSerializer.Meta.fields, "exists", "predecessors", "successors"]


class AreaViewSet(Listing):
    """Units of one level that exist on `as_of`; a code that ended is still answered, with what became of the unit."""

    level: Level
    queryset = Area.objects.none()
    lookup_field = "code"
    lookup_value_regex = "[0-9]+"
    keyset = ("sort_key", "id")
    orderings = {"name": "sort_key", "code": "code", "kind": "kind", "valid_from": "valid_from", "valid_to": "valid_to"}

    def get_queryset(self):
        areas = Area.objects.filter(level=self.level)
        return areas if self.detail else areas.as_of(date_asked(self.request))

    def get_serializer_class(self):
        return AreaDetailSerializer if self.detail else AreaSerializer

    def beside(self) -> dict[str, Beside]:
        on = date_asked(self.request)
        placed = {"parent": Beside(("pk", *_DAYS), partial(_parents, on))}
        if not self.detail:
            return placed
        # A row whose old and new are one unit tells nothing new.
        changes = AreaChange.objects.exclude(new__isnull=False, old=F("new"))
        return {
            **placed,
            "exists": Beside(_DAYS, lambda _: lambda start, end: nearest_day(on, start, end) == on),
            "predecessors": children(changes, "new", PredecessorSerializer),
            "successors": children(changes, "old", SuccessorSerializer),
        }

    def find(self, rows):
        """The unit that the code named on the date; else the one that it named last before, else first after."""
        on = date_asked(self.request)
        distance = Case(When(valid_on(on), then=0), When(valid_to__lt=on, then=1), default=2)
        ended = F("valid_to").desc(nulls_last=True)
        return super().find(rows).order_by(distance, ended, F("valid_from").asc(nulls_first=True))

    def absent(self):
        return OutOfScope(f"Chưa từng có đơn vị mã {self.kwargs['code']}.")


_DAYS = ("valid_from", "valid_to")


def nearest_day(on: dt.date, start: dt.date | None, end: dt.date | None) -> dt.date:
    """The day between the two that is nearest to `on`."""
    return start if start and on < start else end if end and end < on else on


def _parents(on: dt.date, units: list[tuple]) -> Callable[..., dict[str, Any] | None]:
    """Where units stood on the date; one that did not exist then, on its day nearest to it."""
    days: dict[dt.date, list[int]] = {}
    for pk, *span in units:
        days.setdefault(nearest_day(on, *span), []).append(pk)
    found = {}
    for day, ids in days.items():
        placed = Placement.objects.filter(valid_on(day), area__in=ids, parent__isnull=False)
        for pk, code, name, kind in placed.values_list("area", "parent__code", "parent__name", "parent__kind"):
            found[pk] = {"code": code, "name": name, "kind": kind}
    return lambda pk, *_: found.get(pk)


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

"""The funding of the programme by source line, and what is owed for construction, in whole đồng."""

from rest_framework import serializers

from communes.api import AreaNameSerializer, ShownSerializer
from communes.lists import Listing
from communes.shapes import Computed
from sponsorship import rulebook
from sponsorship.filters import ArrearsFilterSet, FundingFilterSet
from sponsorship.models import Arrears, Funding


def name_of(code: str) -> str:
    """The name of a source line."""
    return next((line.name for line in rulebook.rules().lines if line.code == code), code)


class FundingSerializer(ShownSerializer):
    """What was planned, mobilised and disbursed from a source line for a unit in a year."""

    area = AreaNameSerializer(read_only=True)
    line_name = serializers.CharField(read_only=True)
    computed = {"line_name": Computed(("line",), name_of)}

    class Meta:
        model = Funding
        fields = ["id", "area", "year", "line", "line_name", "plan", "mobilised", "disbursed", "is_illustrative"]
        brief = ["id", "area", "year", "line"]


class FundingViewSet(Listing):
    """The funding of every unit, line by line."""

    queryset = Funding.objects.all()
    serializer_class = FundingSerializer
    filterset_class = FundingFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {"id": "pk", "year": "year", "area": "area__code", "line": "line", "plan": "plan"}


class ArrearsSerializer(ShownSerializer):
    """Unpaid construction debt (nợ đọng xây dựng cơ bản) of a unit at the end of a year."""

    area = AreaNameSerializer(read_only=True)

    class Meta:
        model = Arrears
        fields = ["id", "area", "year", "amount", "is_illustrative"]
        brief = ["id", "area", "year", "amount"]


class ArrearsViewSet(Listing):
    """What is owed by year and unit."""

    queryset = Arrears.objects.all()
    serializer_class = ArrearsSerializer
    filterset_class = ArrearsFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {"id": "pk", "year": "year", "area": "area__code", "amount": "amount"}

"""The funding of the programme by source line, and what is owed for construction, in whole đồng."""

from typing import Any

from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from communes.api import AreaNameSerializer, ShownSerializer
from communes.etags import ConditionalReads
from sponsorship import rulebook
from sponsorship.filters import ArrearsFilterSet, FundingFilterSet
from sponsorship.models import Arrears, Funding


class FundingSerializer(ShownSerializer):
    """What was planned, mobilised and disbursed from a source line for a unit in a year."""

    area = AreaNameSerializer(read_only=True)
    line_name = serializers.SerializerMethodField()

    class Meta:
        model = Funding
        fields = ["id", "area", "year", "line", "line_name", "plan", "mobilised", "disbursed", "is_illustrative"]

    def get_line_name(self, row: Any) -> str:
        return next((line.name for line in rulebook.rules().lines if line.code == row.line), row.line)


class FundingViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """The funding of every unit, line by line."""

    queryset = Funding.objects.select_related("area")
    serializer_class = FundingSerializer
    filterset_class = FundingFilterSet
    lookup_value_regex = "[0-9]{1,18}"


class ArrearsSerializer(ShownSerializer):
    """Unpaid construction debt (nợ đọng xây dựng cơ bản) of a unit at the end of a year."""

    area = AreaNameSerializer(read_only=True)

    class Meta:
        model = Arrears
        fields = ["id", "area", "year", "amount", "is_illustrative"]


class ArrearsViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """What is owed by year and unit."""

    queryset = Arrears.objects.select_related("area")
    serializer_class = ArrearsSerializer
    filterset_class = ArrearsFilterSet
    lookup_value_regex = "[0-9]{1,18}"

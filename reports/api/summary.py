"""The province's year in one answer."""

import datetime as dt

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.etags import ConditionalReads
from communes.filters import AS_OF, refusal
from reports.api.serializers import SummarySerializer
from reports.queries.standing_on import stands_on
from reports.queries.summary import summary


class ISODateField(serializers.DateField):
    """YYYY-MM-DD and nothing else."""

    def __init__(self, **kwargs):
        message = "Ngày phải có dạng NĂM-THÁNG-NGÀY, ví dụ 2024-02-21."
        super().__init__(input_formats=["%Y-%m-%d"], error_messages={"invalid": message}, **kwargs)


class SummaryQuerySerializer(serializers.Serializer):
    """Which year, and as decided by when."""

    year = serializers.IntegerField(min_value=1900, max_value=2200)
    as_of = ISODateField(required=False)


class SummaryView(ConditionalReads, APIView):
    """Results of a year as decided by `as_of`; without it, as known today."""

    @extend_schema(
        parameters=[
            OpenApiParameter("year", int, required=True, description="Year of the results."),
            OpenApiParameter("as_of", dt.date, description=AS_OF),
        ],
        responses=SummarySerializer,
    )
    def get(self, request):
        asked = SummaryQuerySerializer(data=request.query_params)
        for name in set(request.query_params) - set(asked.fields):
            raise refusal(name, "Không có tham số này.", "unknown_parameter")
        asked.is_valid(raise_exception=True)
        return Response(summary(**asked.validated_data) | stands_on(asked.validated_data["year"]))

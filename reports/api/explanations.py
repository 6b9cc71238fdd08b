"""The explanation tree over the API: the same nodes as the pages, with the same words and the same scope."""

import datetime as dt

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.etags import ConditionalReads
from communes.filters import AS_OF, refusal
from reports.api.serializers import ExplanationSerializer
from reports.api.summary import ISODateField
from reports.queries.commune import UnknownUnit
from reports.queries.standpoint import UnknownPeriod, find
from reports.queries.tree import UnknownNode, node
from reports.queries.tree_words import in_words


class ExplanationQuerySerializer(serializers.Serializer):
    """Which node, in which period, as known by when."""

    period = serializers.CharField(required=False, max_length=12)
    as_of = ISODateField(required=False)
    tier = serializers.CharField(required=False, max_length=30)
    criterion = serializers.CharField(required=False, max_length=10)
    indicator = serializers.CharField(required=False, max_length=12)

    def validate(self, attrs):
        if attrs.get("indicator") and not attrs.get("criterion"):
            raise serializers.ValidationError({"criterion": "Chỉ tiêu cần đi kèm mã tiêu chí."})
        return attrs


class ExplanationView(ConditionalReads, APIView):
    """Why a unit attains its set or not: criteria, indicators, values against thresholds, articles, who and when.

    What fails comes first. Evidence and persons are only for whoever may see them; others read roles.
    """

    @extend_schema(
        parameters=[
            OpenApiParameter("period", str, description="Code of a period: 2023. The latest with a round when absent."),
            OpenApiParameter("as_of", dt.date, description=AS_OF),
            OpenApiParameter("tier", str, description="ntm, advanced, model, completed, pilot, urban-civilised."),
            OpenApiParameter("criterion", str, description="Only that criterion: 17."),
            OpenApiParameter("indicator", str, description="Only that indicator of the criterion: 17.1."),
        ],
        responses=ExplanationSerializer,
    )
    def get(self, request, code: str):
        asked = ExplanationQuerySerializer(data=request.query_params)
        for name in set(request.query_params) - set(asked.fields):
            raise refusal(name, "Không có tham số này.", "unknown_parameter")
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        as_of = given["as_of"].isoformat() if "as_of" in given else ""
        try:
            standpoint = find(period_code=given.get("period", ""), as_of_text=as_of)
        except UnknownPeriod:
            raise refusal("period", f"Không có kỳ {given['period']}.", "unknown_period") from None
        if standpoint.as_of_fault:
            raise refusal("as_of", standpoint.as_of_fault)
        chosen = {name: given.get(name, "") for name in ("tier", "criterion", "indicator")}
        try:
            found = node(standpoint, code, request.user, **chosen)
        except (UnknownUnit, UnknownNode):
            raise NotFound from None
        return Response(in_words(found))

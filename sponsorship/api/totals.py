"""A year's totals and the gap board, as the pages show them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from communes.api import AreaNameSerializer
from communes.etags import ConditionalReads
from communes.filters import refusal
from sponsorship.queries import gaps, totals

LIMIT, MOST = 100, 1000


class PartSerializer(serializers.Serializer):
    """A part of a total; `key` is empty for what has none."""

    key = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.IntegerField()
    entries = serializers.IntegerField()


class TotalsSerializer(serializers.Serializer):
    """A year of the ledger in đồng: every split adds up to `total`. `later` came after the year was closed."""

    year = serializers.IntegerField()
    total = serializers.IntegerField()
    entries = serializers.IntegerField()
    is_closed = serializers.BooleanField()
    later = serializers.IntegerField()
    later_entries = serializers.IntegerField()
    by_channel = PartSerializer(many=True)
    by_kind = PartSerializer(many=True)
    by_source = PartSerializer(many=True)
    by_district = PartSerializer(many=True)
    by_area = PartSerializer(many=True)
    by_criterion = PartSerializer(many=True)
    by_sponsor = PartSerializer(many=True)


class TotalsQuery(serializers.Serializer):
    """Which year."""

    year = serializers.IntegerField(min_value=1900, max_value=2200)


class GapSerializer(serializers.Serializer):
    """An indicator that a commune does not meet, with the money for it in đồng; `asked` null: nobody said."""

    area = AreaNameSerializer()
    origins = AreaNameSerializer(many=True, help_text="Where it was found unmet: other units where they merged.")
    indicator = serializers.CharField(source="code")
    name = serializers.CharField()
    asked = serializers.IntegerField(allow_null=True)
    promised = serializers.IntegerField(help_text="Not yet received.")
    received = serializers.IntegerField()
    missing = serializers.IntegerField()


class BoardSerializer(serializers.Serializer):
    """A page of the board, the unfunded first; `next` is the address of the page behind it."""

    year = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    missing = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = GapSerializer(many=True)


class BoardQuery(serializers.Serializer):
    """Which rows of the board."""

    area = serializers.CharField(required=False, max_length=10, help_text="Code of a unit, today's or an earlier one.")
    district = serializers.CharField(required=False, max_length=10, help_text="Code of the district of that year.")
    indicator = serializers.CharField(required=False, max_length=14, help_text="Code of the indicator.")
    limit = serializers.IntegerField(required=False, min_value=1, default=LIMIT, help_text="Above 1,000 means 1,000.")
    cursor = serializers.RegexField(r"^[0-9]{1,18}\.[0-9]{1,18}$", required=False, help_text="From `next`.")


class TotalsView(ConditionalReads, APIView):
    """A year's totals with every split of its page."""

    @extend_schema(parameters=[TotalsQuery], responses=TotalsSerializer)
    def get(self, request: Request) -> Response:
        year = _asked(request, TotalsQuery)["year"]
        found = totals.year_totals(year)
        more = {
            "is_closed": found.closing is not None,
            "by_criterion": totals.by_criterion(year),
            "by_sponsor": totals.by_sponsor(year, request.user),
        }
        rest = {name: getattr(found, str(name)) for name in TotalsSerializer().fields if name not in more}
        return Response(TotalsSerializer({**rest, **more}).data)


class GapsView(ConditionalReads, APIView):
    """Unmet indicators of the last closed year, a merged commune's at its successor."""

    @extend_schema(parameters=[BoardQuery], responses=BoardSerializer)
    def get(self, request: Request) -> Response:
        said = _asked(request, BoardQuery)
        chosen = gaps.Filter(said.get("district", ""), said.get("indicator", ""), said.get("area", ""))
        board = gaps.board(chosen, after=said.get("cursor", ""), size=min(said["limit"], MOST))
        address = request.build_absolute_uri()
        following = replace_query_param(address, "cursor", board.after) if board.after else None
        shown = {"year": board.year, "count": board.count, "missing": board.missing}
        return Response(BoardSerializer({**shown, "next": following, "results": board.gaps}).data)


def _asked(request: Request, kind: type[serializers.Serializer]) -> dict[str, Any]:
    """The parameters that were read; refuses one that is not known."""
    asked = kind(data=request.query_params)
    for name in set(request.query_params) - set(asked.fields):
        raise refusal(name, "Không có tham số này.", "unknown_parameter")
    asked.is_valid(raise_exception=True)
    return asked.validated_data

"""The codes that stand in the API, as JSON and as tables."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from communes.etags import ConditionalReads
from communes.filters import refusal
from exchange.formats.renderers import TableRenderer
from exchange.queries.code_lists import CODE_LISTS


class NamedListSerializer(serializers.Serializer):
    """A list and where it is."""

    name = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    url = serializers.URLField()


class CodeListsSerializer(serializers.Serializer):
    results = NamedListSerializer(many=True)


class CodeListSerializer(serializers.Serializer):
    """The rows of a list; `columns` tells what their members mean."""

    name = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField(), help_text="Member → its heading in Vietnamese.")
    count = serializers.IntegerField()
    results = serializers.ListField(child=serializers.DictField())


class CodeListsView(ConditionalReads, APIView):
    """Which lists of codes there are."""

    @extend_schema(responses=CodeListsSerializer, operation_id="code_lists_list")
    def get(self, request: Request) -> Response:
        _refuse_unknown(request, set())
        lists = [
            {
                "name": each.name,
                "title": each.title,
                "about": each.about,
                "url": reverse("api:code-list", args=[each.name], request=request),
            }
            for each in CODE_LISTS.values()
        ]
        return Response({"results": lists})


class CodeListView(ConditionalReads, APIView):
    """A list of codes, whole."""

    renderer_classes = [JSONRenderer, TableRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Only rows in which these words stand; marks do not matter."),
            OpenApiParameter("format", str, enum=["json", "csv"]),
            OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(CODE_LISTS)),
        ],
        responses={
            (200, "application/json"): CodeListSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, name: str) -> Response:
        _refuse_unknown(request, {"q", "format"})
        if name not in CODE_LISTS:
            raise NotFound
        found = CODE_LISTS[name]
        rows: list[dict[str, Any]] = found.rows(request.query_params.get("q", "")[:60])
        told = {"name": found.name, "title": found.title, "about": found.about, "columns": found.columns}
        return Response({**told, "count": len(rows), "results": rows})


def _refuse_unknown(request: Request, known: set[str]) -> None:
    for name in set(request.query_params) - known:
        raise refusal(name, "Không có tham số này.", "unknown_parameter")

"""The feed of public changes over the API, and the roll-ups that no other list shows."""

from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from communes.api import AreaNameSerializer, ShownSerializer
from communes.asked import refusal
from communes.etags import PUBLIC
from communes.lists import Listing
from communes.models import Area
from criteria.models import RollUp
from exchange.filters import RollUpFilterSet
from exchange.models import Kind, Op
from exchange.queries import changes
from exchange.queries.changes import MOST, PAGE, Page, Wanted

_LARGEST = 2**63 - 1


class ChangesQuerySerializer(serializers.Serializer):
    """From where, how many, and which."""

    since = serializers.IntegerField(required=False, min_value=0, max_value=_LARGEST)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=_LARGEST, default=PAGE)
    kind = serializers.CharField(required=False)
    area = serializers.CharField(required=False, max_length=10)

    def validate_limit(self, limit: int) -> int:
        return min(limit, MOST)

    def validate_kind(self, text: str) -> tuple[str, ...]:
        kinds = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
        if unknown := [kind for kind in kinds if kind not in Kind.values]:
            known = ", ".join(Kind.values)
            raise serializers.ValidationError(f"Không có loại {', '.join(unknown)}. Các loại: {known}.", "unknown")
        return kinds

    def validate_area(self, code: str) -> str:
        if not Area.objects.filter(code=code).exists():
            raise serializers.ValidationError(f"Không có đơn vị hành chính mã “{code}”.", "unknown")
        return code


class ChangeSerializer(serializers.Serializer):
    """One public row that came, changed or went."""

    seq = serializers.IntegerField(help_text="Without gaps, in the order of commits.")
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Kind.choices)
    op = serializers.ChoiceField(Op.choices)
    resource = serializers.CharField(help_text="The list that the row stands in.")
    key = serializers.CharField(help_text="Names the row in that list.")
    address = serializers.CharField(help_text="Where the row is read now; empty where it is public no more.")
    area = serializers.CharField(help_text="Code of the unit that it is about; empty where it is about none.")
    summary = serializers.DictField(help_text="The row as it stands now, in a few members; empty where it is gone.")


class ChangesPageSerializer(serializers.Serializer):
    """Changes after `since`, oldest first."""

    last_seq = serializers.IntegerField(help_text="The newest number of the feed when this was answered.")
    until = serializers.IntegerField(help_text="Every wanted change up to this number is given: the next `since`.")
    next = serializers.URLField(allow_null=True, help_text="The rest; null when there is none yet.")
    results = ChangeSerializer(many=True)


class ChangesView(APIView):
    """What changed among public rows, in a gapless sequence: deletions, mergers and recognitions included.

    A mirror reads on from the `until` of its last answer. 410 says that it must begin with a snapshot again.
    """

    authentication_classes: list[type] = []
    permission_classes: list[type] = []

    @extend_schema(
        parameters=[
            OpenApiParameter("since", int, description="The last number seen; from the oldest kept when absent."),
            OpenApiParameter("limit", int, description="Changes of an answer: 1 to 1,000, 100 when absent."),
            OpenApiParameter("kind", str, description=f"Only these, separated by commas: {', '.join(Kind.values)}."),
            OpenApiParameter("area", str, description="Only what is about this unit or one that ever stood in it."),
        ],
        responses=ChangesPageSerializer,
    )
    def get(self, request):
        asked = ChangesQuerySerializer(data=request.query_params)
        for name in set(request.query_params) - set(asked.fields):
            raise refusal(name, "Không có tham số này.", "unknown_parameter")
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(asked.validated_data)
        wanted = Wanted(given.pop("kind", ()), given.pop("area", ""))
        found = changes.page(**given, wanted=wanted)
        etag = _etag(request, found)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = Response(status=304)
        else:
            response = Response(ChangesPageSerializer(_shown(request, found)).data)
        response["ETag"], response["Cache-Control"] = etag, PUBLIC
        patch_vary_headers(response, ["Accept"])
        return response


def _shown(request, found: Page) -> dict[str, Any]:
    here = request.build_absolute_uri()
    return {
        "last_seq": found.last_seq,
        "until": found.until,
        "next": replace_query_param(here, "since", found.until) if found.has_more else None,
        "results": [line.shown(request.build_absolute_uri) for line in found.lines],
    }


def _etag(request, found: Page) -> str:
    """Summaries tell of rows as they are now: whatever changes one of them has a number of its own."""
    parts = f"{request.build_absolute_uri()}|{found.since}|{found.last_seq}"
    return f'W/"{salted_hmac("ntm.changes", parts, algorithm="sha256").hexdigest()[:32]}"'


class RollUpSerializer(ShownSerializer):
    """Counts over the communes of a district or of the province, by criteria."""

    area = AreaNameSerializer(read_only=True)
    period = serializers.CharField(source="period.code", read_only=True)
    set = serializers.CharField(source="criteria_set.slug", read_only=True)

    class Meta:
        model = RollUp
        fields = [
            "id",
            "area",
            "period",
            "set",
            "members",
            "attained",
            "failing",
            "undetermined",
            "criteria_met",
            "by_criteria_met",
            "epoch",
            "computed_at",
        ]


class RollUpViewSet(Listing):
    """Roll-ups of districts and the province: one a unit, set of communes and period."""

    queryset = RollUp.objects.all()
    serializer_class = RollUpSerializer
    filterset_class = RollUpFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {
        "id": "pk",
        "area": "area__code",
        "period": "period__ends_on",
        "set": "criteria_set__slug",
        "attained": "attained",
        "computed_at": "computed_at",
    }


def register(router: BaseRouter) -> None:
    """Addresses of roll-ups."""
    router.register("roll-ups", RollUpViewSet, basename="roll-up")

"""How fresh the figures are."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.filters import refusal
from criteria.models import RecomputeRun
from exchange.queries.status import WORDS, status


class RunSerializer(serializers.Serializer):
    """The last finished run of a kind."""

    kind = serializers.ChoiceField(RecomputeRun.Kind.choices)
    number = serializers.IntegerField(source="pk")
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField()
    scopes = serializers.IntegerField(help_text="Districts and provinces recomputed.")
    differences = serializers.IntegerField()
    failures = serializers.IntegerField()


class StatusSerializer(serializers.Serializer):
    """Every value that was approved is in the figures when `freshness` is fresh."""

    freshness = serializers.ChoiceField(list(WORDS.items()), source="state")
    words = serializers.CharField(help_text="The same in Vietnamese.")
    epoch = serializers.IntegerField(help_text="The data counter: it rises with every change.")
    changed_at = serializers.DateTimeField(allow_null=True, help_text="When anything public last changed.")
    now = serializers.DateTimeField()
    runs = RunSerializer(many=True)
    waiting_scopes = serializers.IntegerField(help_text="Districts and provinces that wait for their recompute.")
    failing_scopes = serializers.IntegerField()
    oldest_scope_at = serializers.DateTimeField(allow_null=True, help_text="Since when the oldest of them waits.")
    waiting_jobs = serializers.IntegerField()
    failed_jobs = serializers.IntegerField(help_text="In the last seven days.")
    last_failure_at = serializers.DateTimeField(allow_null=True)


class StatusView(APIView):
    """Freshness of the figures, for whoever shows them elsewhere."""

    @extend_schema(responses=StatusSerializer)
    def get(self, request: Request) -> Response:
        for name in request.query_params:
            raise refusal(name, "Không có tham số này.", "unknown_parameter")
        # It moves without the data counter, so nobody may keep it.
        return Response(StatusSerializer(status()).data, headers={"Cache-Control": "no-store"})

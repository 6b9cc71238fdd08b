"""Webhooks over the API: for the province's office and administrators; everybody else finds nothing here."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communes.api import ShownSerializer
from exchange.actions import webhooks as acts
from exchange.forms import as_typed
from exchange.models import Delivery, Kind, Webhook
from exchange.queries import webhooks as queries

_LARGEST = 2**63 - 1


class WebhookSerializer(ShownSerializer):
    """Who is told of which changes. The secret is shown when it is made, and never again."""

    area = serializers.CharField(source="area.code", default="", read_only=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices), read_only=True)
    waiting = serializers.IntegerField(read_only=True, help_text="Deliveries that wait.")
    taken_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When one was taken last.")

    class Meta:
        model = Webhook
        fields = [
            "id",
            "name",
            "url",
            "kinds",
            "area",
            "is_on",
            "stopped_reason",
            "cursor",
            "failing_since",
            "waiting",
            "taken_at",
            "version",
            "made_at",
        ]


class NewWebhookSerializer(WebhookSerializer):
    """A webhook with its secret, this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class DescriptionSerializer(serializers.Serializer):
    """What a webhook is told of and where; no kinds and no area mean everything."""

    name = serializers.CharField(max_length=acts.NAME_LENGTH)
    url = serializers.CharField(max_length=acts.URL_LENGTH)
    kinds = serializers.ListField(child=serializers.CharField(), required=False, default=list, max_length=30)
    area = serializers.CharField(required=False, allow_blank=True, default="", max_length=10)


class ChangedDescriptionSerializer(serializers.Serializer):
    """Only what is to be changed, and the version that was read."""

    name = serializers.CharField(required=False, max_length=acts.NAME_LENGTH)
    url = serializers.CharField(required=False, max_length=acts.URL_LENGTH)
    kinds = serializers.ListField(child=serializers.CharField(), required=False, max_length=30)
    area = serializers.CharField(required=False, allow_blank=True, max_length=10)
    is_on = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class SinceSerializer(serializers.Serializer):
    """From which number of the feed on everything is told again."""

    since = serializers.IntegerField(min_value=0, max_value=_LARGEST)


class AfterSerializer(serializers.Serializer):
    after = serializers.IntegerField(required=False, min_value=1, max_value=_LARGEST)


class DeliverySerializer(ShownSerializer):
    """One signed body: changes after `since` up to `until`; `event` is the webhook-id that it is sent under."""

    outcome = serializers.ChoiceField(Delivery.State.choices, source="state", read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "since",
            "until",
            "many",
            "outcome",
            "attempts",
            "made_at",
            "next_at",
            "tried_at",
            "status",
            "said",
            "took_ms",
        ]


class LogSerializer(serializers.Serializer):
    """Deliveries, newest first; `next_after` begins the next page as `?after=`."""

    next_after = serializers.IntegerField(allow_null=True)
    results = DeliverySerializer(many=True)


def _asked(serializer_class: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    asked = serializer_class(data=data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


class WebhookViewSet(GenericViewSet):
    """Webhooks. Absent (404) for whoever may not keep them."""

    permission_classes = [IsAuthenticated]
    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    filter_backends: list[type] = []
    lookup_value_regex = "[0-9]{1,18}"

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(responses=WebhookSerializer(many=True))
    def list(self, request):
        page = self.paginate_queryset(queries.webhooks(request.user).order_by())
        return self.get_paginated_response(WebhookSerializer(page, many=True).data)

    def retrieve(self, request, pk: str):
        return self._shown(pk)

    @extend_schema(request=DescriptionSerializer, responses={201: NewWebhookSerializer})
    def create(self, request):
        """Add a webhook; the answer alone holds its secret."""
        queries.webhooks(request.user)
        webhook, secret = acts.add(**_asked(DescriptionSerializer, request.data), by=request.user)
        return self._with_secret(webhook, secret, status=201)

    @extend_schema(request=ChangedDescriptionSerializer, responses=WebhookSerializer)
    def partial_update(self, request, pk: str):
        """Change what is told where, or stop and go on (`is_on`)."""
        found = queries.find(request.user, int(pk))
        asked = _asked(ChangedDescriptionSerializer, request.data)
        is_on, version = asked.pop("is_on", found.is_on), asked.pop("version")
        with transaction.atomic():
            if asked or is_on == found.is_on:
                stored = as_typed(found) | asked | {"version": version}
                version = acts.change(webhook_id=found.pk, **stored, by=request.user).version
            if is_on != found.is_on:
                acts.switch(webhook_id=found.pk, is_on=is_on, version=version, by=request.user)
        return self._shown(pk)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk: str):
        """Remove a webhook with its log."""
        acts.remove(webhook_id=int(pk), by=request.user)
        return Response(status=204)

    @extend_schema(request=None, responses=NewWebhookSerializer)
    @action(detail=True, methods=["post"])
    def secret(self, request, pk: str):
        """Make another secret; the former one ends."""
        return self._with_secret(*acts.renew_secret(webhook_id=int(pk), by=request.user))

    @extend_schema(request=SinceSerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def replay(self, request, pk: str):
        """Tell everything wanted after a number again."""
        queries.find(request.user, int(pk))
        acts.replay_from(webhook_id=int(pk), **_asked(SinceSerializer, request.data), by=request.user)
        return self._shown(pk)

    @extend_schema(parameters=[AfterSerializer], responses=LogSerializer)
    @action(detail=True, methods=["get"])
    def deliveries(self, request, pk: str):
        """The log of what was sent."""
        found = queries.find(request.user, int(pk))
        log = queries.log(found, **_asked(AfterSerializer, request.query_params))
        return Response({"next_after": log.after, "results": DeliverySerializer(log.deliveries, many=True).data})

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"], url_path="deliveries/(?P<delivery>[0-9]{1,18})/replay")
    def replay_one(self, request, pk: str, delivery: str):
        """Send one delivery once more."""
        sent = acts.replay(webhook_id=int(pk), delivery_id=int(delivery), by=request.user)
        return Response(DeliverySerializer(sent).data)

    def _shown(self, pk: str) -> Response:
        return Response(WebhookSerializer(queries.find(self.request.user, int(pk))).data)

    def _with_secret(self, webhook: Webhook, secret: str, *, status: int = 200) -> Response:
        found = queries.find(self.request.user, webhook.pk)
        return Response({**WebhookSerializer(found).data, "secret": secret}, status=status)

"""Contributions over the API, in whole đồng; public, except for names that were asked to be kept."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from communes.api import AreaNameSerializer, ShownSerializer
from communes.etags import ConditionalReads
from communes.filters import date_asked
from sponsorship.filters import ContributionFilterSet
from sponsorship.models import Contribution
from sponsorship.queries.ledger import contributions_for

NOT_NAMED = "không nêu tên"


class ContributionSerializer(ShownSerializer):
    """Money received in a year through one channel; `amount` is integer đồng."""

    sponsor = serializers.SerializerMethodField(help_text="The name, or “không nêu tên”.")
    sponsor_kind = serializers.CharField(source="sponsor.kind", read_only=True)
    area = AreaNameSerializer(read_only=True)
    channel_name = serializers.CharField(source="get_channel_display", read_only=True)
    indicator = serializers.CharField(source="indicator.code", default=None, read_only=True, allow_null=True)

    class Meta:
        model = Contribution
        fields = [
            "id",
            "sponsor",
            "sponsor_kind",
            "area",
            "channel",
            "channel_name",
            "year",
            "received_on",
            "amount",
            "purpose",
            "indicator",
            "source",
            "is_illustrative",
        ]

    def get_sponsor(self, contribution: Any) -> str:
        return contribution.sponsor.name if contribution.may_name else NOT_NAMED


class ContributionViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Contributions received by `as_of` (today without it); one without a date counts at every date."""

    queryset = Contribution.objects.none()
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        received = Q(received_on=None) | Q(received_on__lte=date_asked(self.request))
        return contributions_for(self.request.user).filter(received)


def register(router: BaseRouter) -> None:
    """Addresses of this app."""
    router.register("sponsorship/contributions", ContributionViewSet, basename="contribution")

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
from sponsorship.queries.naming import shown_name


class ContributionSerializer(ShownSerializer):
    """Money, workdays, goods or land received for a year; `amount` is integer đồng, below zero where it cancels one."""

    sponsor = serializers.SerializerMethodField(help_text="The name, or “không nêu tên”.")
    sponsor_kind = serializers.CharField(source="sponsor.kind", read_only=True)
    area = AreaNameSerializer(read_only=True)
    channel_name = serializers.CharField(source="get_channel_display", read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    criterion = serializers.CharField(source="criterion.code", default=None, read_only=True, allow_null=True)
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
            "kind",
            "kind_name",
            "year",
            "received_on",
            "amount",
            "quantity",
            "unit",
            "rate",
            "rate_basis",
            "reverses",
            "purpose",
            "criterion",
            "indicator",
            "source",
            "is_illustrative",
        ]

    def get_sponsor(self, contribution: Any) -> str:
        return shown_name(contribution)


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

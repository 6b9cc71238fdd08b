"""Contributions and what was spent of them, in whole đồng; public, except for names that were asked to be kept."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from communes.api import AreaNameSerializer, ShownSerializer
from communes.etags import ConditionalReads
from communes.filters import date_asked
from sponsorship.filters import ContributionFilterSet, DisbursementFilterSet
from sponsorship.models import Contribution, Disbursement
from sponsorship.queries.ledger import SPENT, contributions_for
from sponsorship.queries.naming import shown_name


class ContributionSerializer(ShownSerializer):
    """Money, workdays, goods or land received for a year; `amount` is integer đồng, below zero where it cancels one."""

    sponsor = serializers.SerializerMethodField(help_text="The name, or “không nêu tên”.")
    sponsor_id = serializers.SerializerMethodField(help_text="Null where the sponsor is not named.")
    sponsor_kind = serializers.CharField(source="sponsor.kind", read_only=True)
    area = AreaNameSerializer(read_only=True)
    village = serializers.CharField(source="village.name", default=None, read_only=True, allow_null=True)
    spent = serializers.IntegerField(read_only=True, help_text="What was spent of it, in đồng.")
    channel_name = serializers.CharField(source="get_channel_display", read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    criterion = serializers.CharField(source="criterion.code", default=None, read_only=True, allow_null=True)
    indicator = serializers.CharField(source="indicator.code", default=None, read_only=True, allow_null=True)

    class Meta:
        model = Contribution
        fields = [
            "id",
            "sponsor",
            "sponsor_id",
            "sponsor_kind",
            "area",
            "village",
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
            "replaces",
            "given_on",
            "pledge",
            "spent",
            "purpose",
            "criterion",
            "indicator",
            "source",
            "is_illustrative",
        ]

    def get_sponsor(self, contribution: Any) -> str:
        return shown_name(contribution)

    def get_sponsor_id(self, contribution: Any) -> int | None:
        return contribution.sponsor_id if contribution.may_name else None


class ContributionViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Contributions received by `as_of` (today without it); one without a date counts at every date."""

    queryset = Contribution.objects.none()
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        received = Q(received_on=None) | Q(received_on__lte=date_asked(self.request))
        return contributions_for(self.request.user).annotate(spent=SPENT).filter(received)


class DisbursementSerializer(ShownSerializer):
    """Money of a contribution that was spent; below zero where it cancels what was written as spent."""

    area = AreaNameSerializer(source="contribution.area", read_only=True)
    year = serializers.IntegerField(source="contribution.year", read_only=True, help_text="Year of the contribution.")

    class Meta:
        model = Disbursement
        fields = [
            "id",
            "contribution",
            "area",
            "year",
            "paid_on",
            "amount",
            "purpose",
            "voucher",
            "reverses",
            "reason",
            "is_illustrative",
        ]


class DisbursementViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """What was spent by `as_of` (today without it)."""

    queryset = Disbursement.objects.none()
    serializer_class = DisbursementSerializer
    filterset_class = DisbursementFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return Disbursement.objects.select_related("contribution__area").filter(paid_on__lte=date_asked(self.request))

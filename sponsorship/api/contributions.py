"""Contributions and what was spent of them, in whole đồng; public, except for names that were asked to be kept."""

from django.db.models import Q
from rest_framework import serializers

from communes.api import AreaNameSerializer, ShownSerializer
from communes.filters import date_asked
from communes.lists import Listing
from communes.shapes import Computed
from sponsorship.filters import ContributionFilterSet, DisbursementFilterSet
from sponsorship.models import Contribution, Disbursement
from sponsorship.queries.ledger import SPENT, contributions_for
from sponsorship.queries.naming import said_name


class ContributionSerializer(ShownSerializer):
    """Money, workdays, goods or land received for a year; `amount` is integer đồng, below zero where it cancels one."""

    sponsor = serializers.CharField(read_only=True, help_text="The name, or “không nêu tên”.")
    sponsor_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null where the sponsor is not named."
    )
    computed = {
        "sponsor": Computed(("sponsor__name", "may_name"), said_name),
        "sponsor_id": Computed(("sponsor_id", "may_name"), lambda pk, may_name: pk if may_name else None),
    }
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
        brief = ["id", "area", "channel", "year", "amount"]


class ContributionViewSet(Listing):
    """Contributions received by `as_of` (today without it); one without a date counts at every date."""

    queryset = Contribution.objects.none()
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    # Not by sponsor: the place in the order would tell who is not named.
    orderings = {"id": "pk", "year": "year", "area": "area__code", "amount": "amount", "received_on": "received_on"}

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
        brief = ["id", "contribution", "paid_on", "amount"]


class DisbursementViewSet(Listing):
    """What was spent by `as_of` (today without it)."""

    queryset = Disbursement.objects.none()
    serializer_class = DisbursementSerializer
    filterset_class = DisbursementFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {"id": "pk", "paid_on": "paid_on", "amount": "amount", "contribution": "contribution"}

    def get_queryset(self):
        return Disbursement.objects.filter(paid_on__lte=date_asked(self.request))

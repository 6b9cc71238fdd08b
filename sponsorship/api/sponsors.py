"""Sponsors, whom the province assigned them to, and what they promised."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from communes.api import AreaNameSerializer, ShownSerializer
from communes.etags import ConditionalReads
from communes.filters import date_asked
from sponsorship.filters import AssignmentFilterSet, PledgeFilterSet, SponsorFilterSet
from sponsorship.models import Assignment, Pledge, Sponsor
from sponsorship.queries import pledges, sponsors
from sponsorship.queries.naming import shown_name

ID = "[0-9]{1,18}"


class SponsorSerializer(ShownSerializer):
    """Who sponsors. One who asked not to be named is in no list but of those in whose scope its money went."""

    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    received = serializers.IntegerField(read_only=True, help_text="Counted in the years' totals, in đồng.")

    class Meta:
        model = Sponsor
        fields = ["id", "name", "kind", "kind_name", "is_anonymous", "received", "is_illustrative"]


class SponsorViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Sponsors in the order of their names, with what they gave."""

    queryset = Sponsor.objects.none()
    serializer_class = SponsorSerializer
    filterset_class = SponsorFilterSet
    lookup_value_regex = ID
    keyset = ("search_key", "id")

    def get_queryset(self):
        return sponsors.with_sums(self.request.user)


class AssignmentSerializer(ShownSerializer):
    """The province assigned or approved a sponsor for communes and villages, for some years."""

    sponsor = serializers.CharField(source="sponsor.name", read_only=True)
    sponsor_id = serializers.IntegerField(read_only=True)
    areas = AreaNameSerializer(many=True, read_only=True)
    villages = serializers.SerializerMethodField(help_text="Villages with the code of their commune.")

    class Meta:
        model = Assignment
        fields = [
            "id",
            "sponsor",
            "sponsor_id",
            "decision",
            "decided_on",
            "year_from",
            "year_to",
            "areas",
            "villages",
            "is_illustrative",
        ]

    def get_villages(self, assignment: Any) -> list[dict[str, str]]:
        return [{"name": village.name, "commune": village.commune.code} for village in assignment.villages.all()]


class AssignmentViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """Assignments of the sponsors whom the reader may name, decided by `as_of` (today without it)."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilterSet
    lookup_value_regex = ID

    def get_queryset(self):
        known = Assignment.objects.filter(sponsor__in=sponsors.known_to(self.request.user))
        decided = Q(decided_on=None) | Q(decided_on__lte=date_asked(self.request))
        return known.filter(decided).select_related("sponsor").prefetch_related("areas", "villages__commune")


class PledgeSerializer(ShownSerializer):
    """A promise: in no total. `left` has not come yet; nothing is left of one that was withdrawn."""

    sponsor = serializers.SerializerMethodField(help_text="The name, or “không nêu tên”.")
    area = AreaNameSerializer(read_only=True)
    indicator = serializers.CharField(source="indicator.code", default=None, read_only=True, allow_null=True)
    kept = serializers.IntegerField(read_only=True, help_text="What came of it, in đồng.")
    left = serializers.IntegerField(read_only=True)
    is_withdrawn = serializers.SerializerMethodField()

    class Meta:
        model = Pledge
        fields = [
            "id",
            "sponsor",
            "area",
            "channel",
            "year",
            "pledged_on",
            "amount",
            "kept",
            "left",
            "is_withdrawn",
            "purpose",
            "indicator",
            "is_illustrative",
        ]

    def get_sponsor(self, pledge: Any) -> str:
        return shown_name(pledge)

    def get_is_withdrawn(self, pledge: Any) -> bool:
        return pledge.withdrawn_at is not None


class PledgeViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """What was promised by `as_of` (today without it), withdrawn promises among it."""

    queryset = Pledge.objects.none()
    serializer_class = PledgeSerializer
    filterset_class = PledgeFilterSet
    lookup_value_regex = ID

    def get_queryset(self):
        return pledges.with_kept(self.request.user).filter(pledged_on__lte=date_asked(self.request))

"""Sponsors, whom the province assigned them to, and what they promised."""

from django.db.models import Q
from rest_framework import serializers

from communes.api import AreaNameSerializer, ShownSerializer
from communes.filters import date_asked
from communes.lists import Listing
from communes.models import Village
from communes.shapes import Beside, Computed, children
from sponsorship.filters import AssignmentFilterSet, PledgeFilterSet, SponsorFilterSet
from sponsorship.models import Assignment, Pledge, Sponsor
from sponsorship.queries import pledges, sponsors
from sponsorship.queries.naming import said_name

ID = "[0-9]{1,18}"


class SponsorSerializer(ShownSerializer):
    """Who sponsors. One who asked not to be named is in no list but of those in whose scope its money went."""

    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    received = serializers.IntegerField(read_only=True, help_text="Counted in the years' totals, in đồng.")

    class Meta:
        model = Sponsor
        fields = ["id", "name", "kind", "kind_name", "is_anonymous", "received", "is_illustrative"]


class SponsorViewSet(Listing):
    """Sponsors in the order of their names, with what they gave."""

    queryset = Sponsor.objects.none()
    serializer_class = SponsorSerializer
    filterset_class = SponsorFilterSet
    lookup_value_regex = ID
    keyset = ("search_key", "id")
    orderings = {"id": "pk", "name": "search_key", "kind": "kind", "received": "received"}

    def get_queryset(self):
        return sponsors.with_sums(self.request.user)


class VillageNameSerializer(ShownSerializer):
    """A village with the code of its commune."""

    commune = serializers.CharField(source="commune.code", read_only=True)

    class Meta:
        model = Village
        fields = ["name", "commune"]


class AssignmentSerializer(ShownSerializer):
    """The province assigned or approved a sponsor for communes and villages, for some years."""

    sponsor = serializers.CharField(source="sponsor.name", read_only=True)
    sponsor_id = serializers.IntegerField(read_only=True)
    areas = AreaNameSerializer(many=True, read_only=True)
    villages = VillageNameSerializer(many=True, read_only=True)

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
        brief = ["id", "sponsor", "decision"]


class AssignmentViewSet(Listing):
    """Assignments of the sponsors whom the reader may name, decided by `as_of` (today without it)."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilterSet
    lookup_value_regex = ID
    orderings = {"id": "pk", "sponsor": "sponsor__search_key", "decided_on": "decided_on", "year_from": "year_from"}

    def get_queryset(self):
        known = Assignment.objects.filter(sponsor__in=sponsors.known_to(self.request.user))
        decided = Q(decided_on=None) | Q(decided_on__lte=date_asked(self.request))
        return known.filter(decided)

    def beside(self) -> dict[str, Beside]:
        areas = Assignment.areas.through.objects.order_by("area__sort_key", "area_id")
        villages = Assignment.villages.through.objects.order_by("village__commune", "village__sort_key", "village_id")
        return {
            "areas": children(areas, "assignment", AreaNameSerializer, "area__"),
            "villages": children(villages, "assignment", VillageNameSerializer, "village__"),
        }


class PledgeSerializer(ShownSerializer):
    """A promise: in no total. `left` has not come yet; nothing is left of one that was withdrawn."""

    sponsor = serializers.CharField(read_only=True, help_text="The name, or “không nêu tên”.")
    area = AreaNameSerializer(read_only=True)
    indicator = serializers.CharField(source="indicator.code", default=None, read_only=True, allow_null=True)
    kept = serializers.IntegerField(read_only=True, help_text="What came of it, in đồng.")
    left = serializers.IntegerField(read_only=True)
    is_withdrawn = serializers.BooleanField(read_only=True)
    computed = {
        "sponsor": Computed(("sponsor__name", "may_name"), said_name),
        "is_withdrawn": Computed(("withdrawn_at",), lambda at: at is not None),
    }

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
        brief = ["id", "area", "year", "amount"]


class PledgeViewSet(Listing):
    """What was promised by `as_of` (today without it), withdrawn promises among it."""

    queryset = Pledge.objects.none()
    serializer_class = PledgeSerializer
    filterset_class = PledgeFilterSet
    lookup_value_regex = ID
    # Not by sponsor: the place in the order would tell who is not named.
    orderings = {"id": "pk", "year": "year", "area": "area__code", "amount": "amount", "pledged_on": "pledged_on"}

    def get_queryset(self):
        return pledges.with_kept(self.request.user).filter(pledged_on__lte=date_asked(self.request))

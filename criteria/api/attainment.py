"""Results by criteria over the API, with recognition by decision beside them."""

from django.db.models import Exists, OuterRef
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from communes.etags import ConditionalReads
from communes.filters import date_asked
from criteria.api.serializers import AttainmentSerializer
from criteria.filters import AttainmentFilterSet
from criteria.models import Attainment, Reading
from criteria.queries.folders import with_codes_and_tiers


class AttainmentViewSet(ConditionalReads, ReadOnlyModelViewSet):
    """One row a unit, set and period."""

    queryset = Attainment.objects.none()
    serializer_class = AttainmentSerializer
    filterset_class = AttainmentFilterSet
    lookup_field = "assessment_id"
    lookup_url_kwarg = "assessment"
    lookup_value_regex = "[0-9]{1,18}"
    keyset = ("pk",)

    def get_queryset(self):
        illustrative = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True)
        rows = Attainment.objects.annotate(is_illustrative=Exists(illustrative))
        return rows.select_related("assessment__area", "assessment__round__period", "assessment__round__criteria_set")

    def paginate_queryset(self, queryset):
        return self._complete(super().paginate_queryset(queryset))

    def get_object(self):
        return self._complete([super().get_object()])[0]

    def _complete(self, rows):
        as_of = date_asked(self.request) if self.request.query_params.get("as_of") else None
        return with_codes_and_tiers(rows, as_of=as_of)


def register(router: BaseRouter) -> None:
    """Addresses of results."""
    router.register("attainment", AttainmentViewSet, basename="attainment")

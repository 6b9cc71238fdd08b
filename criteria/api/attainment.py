"""Results by criteria over the API, with recognition by decision beside them."""

import datetime as dt
from functools import partial

from django.db.models import Exists, OuterRef
from rest_framework.routers import BaseRouter

from communes.filters import date_asked
from communes.lists import Listing
from communes.shapes import Beside
from criteria.api.serializers import AttainmentSerializer
from criteria.filters import AttainmentFilterSet
from criteria.models import Attainment, Reading
from criteria.queries.attained import MASKS, Law, held_tiers, latest_approval

_FOLDER, _ROUND = "assessment__", "assessment__round__"


class AttainmentViewSet(Listing):
    """One row a unit, set and period, with what it stands on."""

    queryset = Attainment.objects.none()
    serializer_class = AttainmentSerializer
    filterset_class = AttainmentFilterSet
    lookup_field = "assessment_id"
    lookup_url_kwarg = "assessment"
    lookup_value_regex = "[0-9]{1,18}"
    keyset = ("pk",)
    orderings = {
        "assessment": "pk",
        "area": f"{_FOLDER}area__code",
        "name": f"{_FOLDER}area__sort_key",
        "period": f"{_ROUND}period__ends_on",
        "set": f"{_ROUND}criteria_set__slug",
        "criteria_met": "criteria_met",
        "criteria_failing": "criteria_failing",
        "criteria_undetermined": "criteria_undetermined",
        "verdict": "verdict",
        "epoch": "epoch",
        "computed_at": "computed_at",
    }

    def get_queryset(self):
        illustrative = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True)
        return Attainment.objects.annotate(is_illustrative=Exists(illustrative), input_watermark=latest_approval())

    def beside(self) -> dict[str, Beside]:
        law, in_set = Law(), f"{_ROUND}criteria_set"
        named = {mask: Beside((mask, in_set), partial(law.codes, role)) for mask, role in MASKS.items()}
        unit = (f"{_FOLDER}area", f"{_ROUND}period__year")
        return {
            **named,
            "recognised": Beside(unit, held_tiers(self._as_of())),
            "legal_basis": Beside((in_set,), law.bases),
        }

    def _as_of(self) -> dt.date | None:
        return date_asked(self.request) if self.request.query_params.get("as_of") else None


def register(router: BaseRouter) -> None:
    """Addresses of results."""
    router.register("attainment", AttainmentViewSet, basename="attainment")

"""Sponsorship over the API: reads only; who asked not to be named is named to nobody out of scope."""

from django.urls import path
from rest_framework.routers import BaseRouter

from sponsorship.api.contributions import ContributionViewSet, DisbursementViewSet
from sponsorship.api.funding import ArrearsViewSet, FundingViewSet
from sponsorship.api.sponsors import AssignmentViewSet, PledgeViewSet, SponsorViewSet
from sponsorship.api.totals import GapsView, TotalsView


def register(router: BaseRouter) -> None:
    """Addresses of this app."""
    router.register("sponsorship/sponsors", SponsorViewSet, basename="sponsor")
    router.register("sponsorship/assignments", AssignmentViewSet, basename="assignment")
    router.register("sponsorship/pledges", PledgeViewSet, basename="pledge")
    router.register("sponsorship/contributions", ContributionViewSet, basename="contribution")
    router.register("sponsorship/disbursements", DisbursementViewSet, basename="disbursement")
    router.register("sponsorship/funding", FundingViewSet, basename="funding")
    router.register("sponsorship/arrears", ArrearsViewSet, basename="arrears")


urlpatterns = [
    path("sponsorship/totals/", TotalsView.as_view(), name="sponsorship-totals"),
    path("sponsorship/gaps/", GapsView.as_view(), name="sponsorship-gaps"),
]

"""All addresses. Pages are Vietnamese without diacritics; the API is English."""

from django.urls import URLPattern, URLResolver, include, path

from ntm_portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", include("ntm_portal.api")),
    path("", include("accounts.urls")),
    path("", include("reports.urls")),
    path("", include("communes.urls")),
    path("", include("criteria.urls")),
    path("", include("ocop.urls")),
    path("", include("exchange.urls")),
    path("do-dau/", include("sponsorship.urls")),
]

handler403 = "ntm_portal.errors.forbidden"
handler404 = "ntm_portal.errors.not_found"
handler500 = "ntm_portal.errors.server_error"

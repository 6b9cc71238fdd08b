"""All addresses. Pages are Vietnamese without diacritics; the API is English."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("ntm_portal.api")),
]

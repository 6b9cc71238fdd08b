"""Addresses of the API: every app's resources, the contract, the offline documentation."""

from django.http import HttpResponsePermanentRedirect
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

import accounts.api
import communes.api
import criteria.api
import exchange.api
import ocop.api
import reports.api
import sponsorship.api

router = SimpleRouter()
for app in (communes.api, criteria.api, ocop.api, sponsorship.api):
    app.register(router)


class KeepMethodRedirect(HttpResponsePermanentRedirect):
    """Sent elsewhere with the same method and body."""

    status_code = 308


@extend_schema(exclude=True)
class UnknownAddress(APIView):
    """Whatever no resource answers: a problem document too; a forgotten last slash is forgiven."""

    permission_classes: list[type] = []

    def dispatch(self, request, *args, **kwargs):
        if not request.path.endswith("/"):
            return KeepMethodRedirect(request.get_full_path(force_append_slash=True))
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound


app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path("", include(accounts.api.urlpatterns)),
    path("", include(reports.api.urlpatterns)),
    path("", include(sponsorship.api.urlpatterns)),
    path("", include(exchange.api.urlpatterns)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.*$", UnknownAddress.as_view()),
]

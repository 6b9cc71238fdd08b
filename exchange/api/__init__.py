"""The API for other systems."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import BaseRouter, SimpleRouter

from exchange.api import changes
from exchange.api.catalogue import CatalogueView
from exchange.api.changes import ChangesView
from exchange.api.code_lists import CodeListsView, CodeListView
from exchange.api.status import StatusView
from exchange.api.webhooks import WebhookViewSet

# Apart from the lists that everybody reads: these are for a few, and never from a cache.
_office = SimpleRouter()
_office.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns: list[URLPattern | URLResolver] = [
    path("changes/", ChangesView.as_view(), name="changes"),
    path("catalogue/", CatalogueView.as_view(), name="catalogue"),
    path("code-lists/", CodeListsView.as_view(), name="code-lists"),
    path("code-lists/<slug:name>/", CodeListView.as_view(), name="code-list"),
    path("status/", StatusView.as_view(), name="status"),
    path("", include(_office.urls)),
]


def register(router: BaseRouter) -> None:
    """Addresses of this app's lists."""
    changes.register(router)

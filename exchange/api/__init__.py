"""The API for other systems."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import BaseRouter, SimpleRouter

from exchange.api import changes
from exchange.api.changes import ChangesView
from exchange.api.webhooks import WebhookViewSet

# Apart from the lists that everybody reads: these are for a few, and never from a cache.
_office = SimpleRouter()
_office.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns: list[URLPattern | URLResolver] = [
    path("changes/", ChangesView.as_view(), name="changes"),
    path("", include(_office.urls)),
]


def register(router: BaseRouter) -> None:
    """Addresses of this app's lists."""
    changes.register(router)

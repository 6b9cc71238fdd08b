"""The API for other systems."""

from django.urls import URLPattern, path

from exchange.api.catalogue import CatalogueView
from exchange.api.code_lists import CodeListsView, CodeListView
from exchange.api.status import StatusView

urlpatterns: list[URLPattern] = [
    path("catalogue/", CatalogueView.as_view(), name="catalogue"),
    path("code-lists/", CodeListsView.as_view(), name="code-lists"),
    path("code-lists/<slug:name>/", CodeListView.as_view(), name="code-list"),
    path("status/", StatusView.as_view(), name="status"),
]

"""Addresses of the pages for other systems."""

from django.urls import path

from exchange.views import developers

app_name = "exchange"
urlpatterns = [
    path("nha-phat-trien/", developers.developers, name="developers"),
    path("nha-phat-trien/du-lieu/", developers.datasets, name="datasets"),
    path("nha-phat-trien/danh-muc/", developers.code_lists, name="code-lists"),
    path("nha-phat-trien/danh-muc/<slug:name>/", developers.code_list, name="code-list"),
    path("nha-phat-trien/thay-doi/", developers.changelog, name="changelog"),
    path("nha-phat-trien/tinh-trang/", developers.status, name="status"),
]

"""Addresses of the pages for other systems."""

from django.urls import path

from exchange.views import developers, webhooks

app_name = "exchange"
urlpatterns = [
    path("nha-phat-trien/", developers.developers, name="developers"),
    path("nha-phat-trien/du-lieu/", developers.datasets, name="datasets"),
    path("nha-phat-trien/danh-muc/", developers.code_lists, name="code-lists"),
    path("nha-phat-trien/danh-muc/<slug:name>/", developers.code_list, name="code-list"),
    path("nha-phat-trien/thay-doi/", developers.changelog, name="changelog"),
    path("nha-phat-trien/tinh-trang/", developers.status, name="status"),
    path("ket-noi/", webhooks.webhooks, name="webhooks"),
    path("ket-noi/them/", webhooks.webhook_new, name="webhook-new"),
    path("ket-noi/<int:pk>/", webhooks.webhook, name="webhook"),
    path("ket-noi/<int:pk>/sua/", webhooks.webhook_edit, name="webhook-edit"),
    path("ket-noi/<int:pk>/bat/", webhooks.switch, {"is_on": True}, name="webhook-on"),
    path("ket-noi/<int:pk>/dung/", webhooks.switch, {"is_on": False}, name="webhook-off"),
    path("ket-noi/<int:pk>/ma-bi-mat/", webhooks.secret, name="webhook-secret"),
    path("ket-noi/<int:pk>/xoa/", webhooks.remove, name="webhook-remove"),
    path("ket-noi/<int:pk>/gui-lai/", webhooks.replay_from, name="webhook-replay"),
    path("ket-noi/<int:pk>/lan-gui/<int:delivery>/gui-lai/", webhooks.replay, name="delivery-replay"),
]

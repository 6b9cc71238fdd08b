"""Addresses of the reading pages."""

from django.urls import path

from reports.views import board, course, documents, opendata, pages, ranking, why

app_name = "reports"
urlpatterns = [
    path("", pages.province_home, name="home"),
    path("huyen/<slug:code>/", pages.district, name="district"),
    path("tim/", pages.find, name="search"),
    path("xa/", pages.communes, name="communes"),
    path("xa/<slug:code>/", pages.commune, name="commune"),
    path("trinh-chieu/", pages.hall, name="hall"),
    path("du-lieu-mo/", opendata.opendata, name="opendata"),
    path("du-lieu-mo/<slug:name>.csv", opendata.dataset, name="dataset"),
    path("ban-do/", pages.the_map, name="map"),
    path("khu-dan-cu/", pages.dwelling, name="dwelling"),
    path("vi-sao/", why.why, name="why-province"),
    path("vi-sao/<slug:code>/", why.why, name="why"),
    path("vi-sao/<slug:code>/<str:criterion>/", why.why, name="why-criterion"),
    path("vi-sao/<slug:code>/<str:criterion>/<str:indicator>/", why.why, name="why-indicator"),
    path("bang/", board.the_board, name="board"),
    path("bang/xuat/", board.export, name="board-export"),
    path("bang/o/<slug:code>/<str:indicator>/", board.cell, name="board-cell"),
    path("gan-dat/", ranking.nearest_units, name="nearest"),
    path("diem-nghen/", ranking.bottlenecks, name="bottlenecks"),
    path("canh-bao/", ranking.regressions, name="alarms"),
    path("muc-tieu/", course.plan_targets, name="targets"),
    path("dien-bien/", course.course, name="trends"),
    path("van-ban/", documents.documents, name="documents"),
    path("van-ban/<int:pk>/", documents.document, name="document"),
    path("van-ban/<int:pk>/huy/", documents.cancel, name="document-cancel"),
    path("van-ban/<int:pk>/tai/<slug:kind>/", documents.download, name="document-file"),
    path("kiem-chung/", documents.verify, name="verify-any"),
    path("kiem-chung/<str:code>/", documents.verify, name="verify"),
]

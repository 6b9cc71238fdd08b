"""Addresses of the reading pages."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.province_home, name="home"),
    path("huyen/<slug:code>/", views.district, name="district"),
    path("tim/", views.find, name="search"),
    path("xa/", views.communes, name="communes"),
    path("xa/<slug:code>/", views.commune, name="commune"),
]

"""All addresses. Pages are Vietnamese without diacritics; the API is English."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

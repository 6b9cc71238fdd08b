"""Error pages: said in Vietnamese, with a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the session."""
    return render(request, "errors/csrf.html", status=403)

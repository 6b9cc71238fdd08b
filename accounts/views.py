"""Sign-in and people."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """Too many wrong passwords."""
    return HttpResponse(status=429)

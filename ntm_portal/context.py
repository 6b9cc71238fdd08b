"""What every page needs."""

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """Context of the page frame."""
    return {}

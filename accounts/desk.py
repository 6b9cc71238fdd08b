"""How a refused action is answered on a page: absent where it is out of scope, else a message with its status."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django_htmx.middleware import HtmxDetails

from accounts.errors import OutOfScope, Refused
from accounts.models import User


class DeskRequest(HttpRequest):
    """A request of somebody who signed in."""

    user: User
    htmx: HtmxDetails
    menu_counts: dict[str, int]  # beside the entries of the menu, by the name of their view


def desk_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for people who signed in, where what is out of scope is answered as absent."""

    @login_required
    @wraps(view)
    def answered(request: DeskRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except OutOfScope as absent:
            raise Http404(absent.message) from absent
        if not response.has_header("Cache-Control"):
            # On a shared computer nothing of an officer's page stays behind, the seal of typed text least of all.
            add_never_cache_headers(response)
        return response

    @wraps(view)
    def signed_in(request: DeskRequest, *args, **kwargs) -> HttpResponseBase:
        # A saved cell must not be answered by the page of the sign-in form, drawn into the row.
        if request.htmx and not request.user.is_authenticated:
            return HttpResponse(status=401)
        return answered(request, *args, **kwargs)

    return signed_in


def see_other(*args, anchor: str = "", **kwargs) -> HttpResponse:
    """A redirect that is always followed by GET, so that a reload sends nothing twice."""
    response = redirect(*args, **kwargs)
    response.status_code = 303
    if anchor:
        response["Location"] += f"#{anchor}"
    return response


def attempt(action: Callable[..., Any], **arguments: Any) -> tuple[Any, Refused | None]:
    """The result of an action, or why it was refused. Out of scope passes through: the page is absent then."""
    try:
        return action(**arguments), None
    except OutOfScope:
        raise
    except Refused as refused:
        return None, refused

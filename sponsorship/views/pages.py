"""What the pages share: public reading pages, the year of the address, refusals at their fields."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import attempt
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from sponsorship.forms import MoneyForm


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that everybody may read; what a person may not know of is absent."""

    @never_cache
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except OutOfScope as absent:
            raise Http404(absent.message) from absent

    return answer


def year_asked(request: HttpRequest, known: list[int]) -> int:
    """The year of `?nam=`, else the newest known; Http404 for what is no year."""
    text = request.GET.get("nam", "")
    if not text:
        return known[0] if known else 0
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Http404
    return int(text)


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the person holds the permission anywhere."""
    return has_permission(request.user, permission)


def accepted(form: MoneyForm, act: Callable[[], Any]) -> tuple[Any, int]:
    """What the action made of a form that can be read; else None, with every fault at its field, and the status."""
    if not form.is_valid():
        return None, 422
    made, refused = attempt(act)
    if refused:
        put(form, refused)
        if "version" in refused.details:  # what stands now is told: sending again is a choice
            form.data = {**{name: form.data.get(name) for name in form.data}, "version": refused.details["version"]}
        return None, refused.status
    return made, 200


def put(form: MoneyForm, refused: Refused) -> None:
    """Every fault of a refusal at its field."""
    faults = refused.details.get("faults") or [refused]
    for fault in faults:
        form.refuse(fault.message, fault.field)

"""What a form of a page asks for: done, or the page again with what was typed and why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase

from accounts.desk import DeskRequest, attempt, see_other
from ocop.forms import BaseForm

Again = Callable[[int], HttpResponseBase]


def acted(
    request: DeskRequest,
    form: BaseForm,
    action: Callable[..., Any],
    /,
    *,
    again: Again,
    done: Callable[[Any], tuple[str, tuple[Any, ...]]],
    **given: Any,
) -> HttpResponseBase:
    """Call the action with what the form says and what is `given`.

    `again` answers with the page and a status, `done` gives the message and the address to go to.
    """
    if not form.is_valid():
        return again(422)
    made, refused = attempt(action, by=request.user, **given, **form.said)
    if refused:
        form.put(refused)
        return again(refused.status)
    message, address = done(made)
    messages.success(request, message)
    return see_other(*address)

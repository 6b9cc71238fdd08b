"""Saving cells one by one or in a block: JSON in, JSON out, each cell answered for itself."""

import json
from contextlib import nullcontext
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import OutOfScope, Refused
from accounts.models import User
from criteria.actions import readings
from criteria.forms import EditForm
from criteria.queries.cells import CellWords, cell_words, replacing, stored_cells
from criteria.views.refusals import DeskRequest

MOST_AT_ONCE = 200
ANOTHER_PERSON = "Đang đăng nhập bằng tài khoản khác. Các ô này chỉ gửi được khi người đã gõ đăng nhập lại."
MALFORMED = "Không đọc được yêu cầu."


@never_cache
@require_http_methods(["GET", "POST"])
def cells(request: DeskRequest) -> HttpResponse:
    """POST {user, cells: [{id, text, version, note?}]} saves them in order. GET says whose session this is."""
    if not request.user.is_authenticated:
        return _fault("signed_out", "Phiên đăng nhập đã hết.", 401)
    if request.method == "GET":
        return JsonResponse({"user": request.user.pk, "token": get_token(request)})
    sent = _sent(request)
    if sent is None:
        return _fault("malformed", MALFORMED, 422)
    if sent["user"] != request.user.pk:
        return _fault("another_person", ANOTHER_PERSON, 409)
    return JsonResponse({"cells": _answers(request.user, [EditForm(edit) for edit in sent["cells"]])})


def _fault(code: str, message: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def _sent(request: DeskRequest) -> dict[str, Any] | None:
    """The body, if it has the shape that was asked for."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    edits = body.get("cells") if isinstance(body, dict) else None
    if not isinstance(edits, list) or len(edits) > MOST_AT_ONCE or not all(isinstance(edit, dict) for edit in edits):
        return None
    return {"user": body.get("user"), "cells": edits}


def _answers(user: User, forms: list[EditForm]) -> list[CellWords]:
    """What became of each edit, in their order. A pasted block is one transaction, and one commit."""
    ids = [form.cleaned_data["id"] for form in forms if form.is_valid()]
    with readings.several(ids) if len(ids) > 1 else nullcontext():
        return [cell for form in forms for cell in _answer(user, form)]


def _answer(user: User, form: EditForm) -> list[CellWords]:
    """What became of one edit; then the values that it set to "does not apply" along the way."""
    if not form.is_valid():
        return [{"id": form.data.get("id"), "refused": _refusal("invalid", str(next(iter(form.errors.values()))[0]))}]
    asked = form.cleaned_data
    try:
        saved = readings.record(
            reading_id=asked["id"], text=asked["text"], version=asked["version"], by=user, note=form.note_or_none
        )
    except OutOfScope as absent:
        return [{"id": asked["id"], "refused": _refusal(absent.code, absent.message)}]
    except Refused as refused:
        return [_refused(user, asked["id"], refused)]
    beside = replacing(saved)
    return [cell_words(saved), *(stored_cells(user, beside).values() if beside else ())]


def _refused(user: User, reading_id: int, refused: Refused) -> CellWords:
    """Why, and what is stored now: for a conflict the other value, with who and when."""
    stored = stored_cells(user, [reading_id]).get(reading_id)
    return {"id": reading_id, "refused": _refusal(refused.code, refused.message), "stored": stored}


def _refusal(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}

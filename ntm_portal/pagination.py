"""Keyset paging for every list of the API: no OFFSET, no row twice or never while others write."""

import base64
import binascii
import json
from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.db.models import Model, Q
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

LIMIT, MOST = 100, 1000


class KeysetPagination(BasePagination):
    """`{count, next, previous, results}` with absolute links; `limit` is 1 to 1,000, and more means 1,000.

    A view names its order in `keyset`: fields that are never empty, "-" for descending, together unique.
    """

    # Rows of a chunk where the whole list is read: each call then gives what stands behind the call before.
    onward = 0
    last: Model | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.keys = tuple(getattr(view, "keyset", ("id",)))
        if self.onward:
            return self._chunk(queryset)
        self.limit = _limit(request)
        position, backwards = _decode(request.query_params.get("cursor"), queryset.model, self.keys)
        self.count = queryset.count()
        keys = tuple(_turned(key) for key in self.keys) if backwards else self.keys
        if position is not None:
            queryset = queryset.filter(_after(keys, position))
        rows = list(queryset.order_by(*keys)[: self.limit + 1])
        more, rows = len(rows) > self.limit, rows[: self.limit]
        self.rows = rows[::-1] if backwards else rows
        self.has_next = backwards or more
        self.has_previous = more if backwards else position is not None
        return self.rows

    def _chunk(self, queryset: Any) -> list[Any]:
        if self.last is not None:
            behind = [getattr(self.last, key.lstrip("-")) for key in self.keys]
            queryset = queryset.filter(_after(self.keys, behind))
        rows = list(queryset.order_by(*self.keys)[: self.onward])
        self.last = rows[-1] if rows else self.last
        return rows

    def get_paginated_response(self, data) -> Response:
        return Response(
            {"count": self.count, "next": self._next(), "previous": self._previous(), "results": data},
        )

    def _next(self) -> str | None:
        return self._link(self.rows[-1], backwards=False) if self.has_next and self.rows else None

    def _previous(self) -> str | None:
        if not self.has_previous:
            return None
        if not self.rows:  # behind the last row: the way back is the first page
            return remove_query_param(self.request.build_absolute_uri(), "cursor")
        return self._link(self.rows[0], backwards=True)

    def _link(self, row: Model, *, backwards: bool) -> str:
        cursor = json.dumps([int(backwards), *(getattr(row, key.lstrip("-")) for key in self.keys)], default=str)
        token = base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", token)

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "Rows of a page, 100 without it; above 1,000 means 1,000.",
                "schema": limit,
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "From `next` or `previous`.",
                "schema": {"type": "string"},
            },
        ]


def _limit(request) -> int:
    asked = request.query_params.get("limit", str(LIMIT))
    if not (asked.isascii() and asked.isdigit() and int(asked[:9]) >= 1):
        raise ValidationError({"limit": [ErrorDetail("Số dòng của trang phải từ 1 đến 1.000.", code="invalid")]})
    return min(int(asked[:9]), MOST)


def _decode(cursor: str | None, model: type[Model], keys: tuple[str, ...]) -> tuple[list[Any] | None, bool]:
    """The position that the cursor names and whether to read backwards from it."""
    if not cursor:
        return None, False
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, *position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        values = [_field(model, key).to_python(value) for key, value in zip(keys, position, strict=True)]
        if None in values or backwards not in (0, 1):
            raise ValueError
    except (binascii.Error, ValueError, TypeError, FieldError, RecursionError):
        message = "Vị trí trang không đọc được; hãy dùng đúng địa chỉ `next` hoặc `previous`."
        raise ValidationError({"cursor": [ErrorDetail(message, code="invalid")]}) from None
    return values, bool(backwards)


def _field(model: type[Model], key: str):
    name = key.lstrip("-")
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _after(keys: tuple[str, ...], position: list[Any]) -> Q:
    """Rows that stand behind `position` in the order of `keys`."""
    behind, same = Q(), Q()
    for key, value in zip(keys, position, strict=True):
        name = key.lstrip("-")
        behind |= same & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return behind

"""Keyset paging for every list of the API: no OFFSET, no row twice or never while others write, in any order."""

from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as FieldError
from django.db.models import F, Field, Q, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from communes.asked import asked_order, refusal

LIMIT, MOST = 100, 1000
# A list is counted without being asked as long as it costs little; behind this many rows `count` is null.
COUNTED = 10_000
_SIGNER = signing.Signer(salt="ntm.cursor", sep=".")  # it stands in an address as it is
UNREADABLE = "Vị trí trang không đọc được; hãy dùng đúng địa chỉ `next` hoặc `previous`."


class Key(NamedTuple):
    """One column of the order. Rows without a value stand last, upwards and downwards."""

    path: str
    down: bool
    nullable: bool
    field: Field

    def order(self, *, backwards: bool) -> OrderBy:
        down = self.down != backwards
        last = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        return F(self.path).desc(**last) if down else F(self.path).asc(**last)

    def behind(self, value: Any, *, backwards: bool) -> Q:
        """Rows behind `value` in this column alone."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=[])
        beyond = Q(**{f"{self.path}__{'lt' if self.down != backwards else 'gt'}": value})
        return beyond | Q(**{f"{self.path}__isnull": True}) if self.nullable and not backwards else beyond

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


class KeysetPagination(BasePagination):
    """`{count, next, previous, results}` with absolute links; `limit` is 1 to 1,000, and more means 1,000.

    The order is that of `ordering`, else the view's `keyset`. A view with `columns` gets its rows as tuples of them.
    """

    # Rows of a chunk where the whole list is read: each call then gives what stands behind the call before.
    onward = 0
    last: Any = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        order = asked_order(view)
        self.order = ",".join(order)
        keys = [_key(queryset, name) for name in order]
        if self.onward:
            return self._chunk(queryset, view, keys)
        self.limit = _limit(request)
        position, backwards = self._position(keys)
        self.count = _count(queryset, request)
        queryset = queryset.order_by(*(key.order(backwards=backwards) for key in keys))
        if position is not None:
            queryset = queryset.filter(_behind(keys, position, backwards=backwards))
        rows = list(self._columns(queryset, view, keys)[: self.limit + 1])
        more, rows = len(rows) > self.limit, rows[: self.limit]
        self.rows = rows[::-1] if backwards else rows
        self.has_next = backwards or more
        self.has_previous = more if backwards else position is not None
        return self.rows

    def _chunk(self, queryset: Any, view: Any, keys: list[Key]) -> list[Any]:
        queryset = queryset.order_by(*(key.order(backwards=False) for key in keys))
        if self.last is not None:
            queryset = queryset.filter(_behind(keys, self._place(self.last), backwards=False))
        rows = list(self._columns(queryset, view, keys)[: self.onward])
        self.last = rows[-1] if rows else self.last
        return rows

    def _place(self, row: Any) -> list[Any]:
        """The values by which the row stands where it stands."""
        return [row[at] if isinstance(at, int) else _attribute(row, at) for at in self.at]

    def _columns(self, queryset: QuerySet[Any], view: Any, keys: list[Key]) -> QuerySet[Any]:
        """The rows as tuples where the view names its columns, with those of the order behind them."""
        columns = getattr(view, "columns", None)
        self.at: list[Any] = [key.path for key in keys]
        if columns is None:
            return queryset
        every = [*columns, *(path for path in self.at if path not in columns)]
        self.at = [every.index(path) for path in self.at]
        return queryset.select_related(None).prefetch_related(None).values_list(*every)

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

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = self._place(row)
        plain = [value if value is None or isinstance(value, int | str) else str(value) for value in values]
        token = _SIGNER.sign_object([self.order, int(backwards), *plain])
        return replace_query_param(self.request.build_absolute_uri(), "cursor", token)

    def _position(self, keys: list[Key]) -> tuple[list[Any] | None, bool]:
        """The place that the cursor names, and whether to read backwards from it. Only the portal's own are read."""
        cursor = self.request.query_params.get("cursor")
        if not cursor:
            return None, False
        try:
            order, backwards, *plain = _SIGNER.unsign_object(cursor)
            if order != self.order:
                raise refusal("cursor", "Vị trí trang này thuộc một thứ tự sắp xếp khác.", "other_ordering")
            values = [key.field.to_python(value) for key, value in zip(keys, plain, strict=True)]
        except (signing.BadSignature, ValueError, TypeError, FieldError):
            raise refusal("cursor", UNREADABLE) from None
        return values, bool(backwards)

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        count = {"type": ["integer", "null"], "description": "Null: not counted (`count=none`, or above 10,000 rows)."}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": count, "next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
        counting = "exact: however many; none: not at all. Without it a list of more than 10,000 rows is not counted."
        return [
            _parameter("limit", "Rows of a page, 100 without it; above 1,000 means 1,000.", limit),
            _parameter("cursor", "From `next` or `previous`.", {"type": "string"}),
            _parameter("count", counting, {"type": "string", "enum": ["exact", "none"]}),
        ]


def _parameter(name: str, description: str, schema: dict) -> dict:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _limit(request) -> int:
    asked = request.query_params.get("limit", str(LIMIT))
    if not (asked.isascii() and asked.isdigit() and int(asked[:9]) >= 1):
        raise refusal("limit", "Số dòng của trang phải từ 1 đến 1.000.")
    return min(int(asked[:9]), MOST)


def _count(queryset: QuerySet[Any], request) -> int | None:
    """How many rows the whole list has; None where nobody wants to know, or nobody asked and they are many."""
    asked = request.query_params.get("count")
    if asked not in (None, "exact", "none"):
        raise refusal("count", "Ghi exact hoặc none.")
    if asked == "none":
        return None
    if asked == "exact":
        return queryset.count()
    found = queryset.order_by().values("pk")[: COUNTED + 1].count()
    return found if found <= COUNTED else None


def _key(queryset: QuerySet[Any], name: str) -> Key:
    path, nullable, model = name.removeprefix("-"), False, queryset.model
    if path in queryset.query.annotations:
        return Key(path, name.startswith("-"), True, queryset.query.annotations[path].output_field)
    for part in path.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            raise LookupError(f"{model.__name__} has no column {path} to order by") from None
        nullable, model = nullable or field.null, field.related_model
    return Key(path, name.startswith("-"), nullable, field)


def _behind(keys: list[Key], position: list[Any], *, backwards: bool) -> Q:
    """Rows that stand behind `position`; the first key bounds them all, so that its index can be walked."""
    behind, same = Q(), Q()
    for key, value in zip(keys, position, strict=True):
        behind |= same & key.behind(value, backwards=backwards)
        same &= key.same(value)
    first, value = keys[0], position[0]
    if value is None or first.nullable:
        return behind
    return Q(**{f"{first.path}__{'lte' if first.down != backwards else 'gte'}": value}) & behind


def _attribute(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part, None)
    return row

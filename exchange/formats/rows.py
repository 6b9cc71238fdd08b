"""The whole of a list, a chunk at a time by key: what a view filters and shows, without its pages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from communes.filters import refusal
from exchange.formats.columns import Columns, columns_of

if TYPE_CHECKING:  # DRF's views ask for the renderers, and these for the rows
    from rest_framework.generics import GenericAPIView

CHUNK = 1000

Row = dict[str, Any]


class WholeList:
    """The rows of a list view's answer to `request`; `limit` takes only the first of them.

    Filters are read at once, so that a fault of the address is answered before the first byte; rows are read while
    they are sent, in statements of their own, and are never all in memory.
    """

    def __init__(self, view: "GenericAPIView", request: Request) -> None:
        self.view: Any = view
        # A listing (communes.lists) reads only the columns that its answer needs, other lists their objects.
        self.shape = view.shape() if hasattr(view, "shape") else None
        self.queryset = view.filter_queryset(view.get_queryset())
        self.total = self.queryset.count()
        self.size = min(self.total, _limit(request))

    def columns(self) -> Columns:
        """Columns of the fields that the reader asked for."""
        every = columns_of(self.view.get_serializer())
        asked = {name for name, _ in self.shape.reads} if self.shape else None
        return {name: way for name, way in every.items() if asked is None or way[0] in asked}

    def chunks(self) -> Iterator[tuple[list[int], list[Row]]]:
        """Ids with what is shown of each, a thousand at a time."""
        left = self.size
        while left > 0:
            self.view.paginator.onward = min(CHUNK, left)
            found = self.view.paginate_queryset(self.queryset)
            if not found:
                return
            left -= len(found)
            yield self._told(found)

    def _told(self, found: list[Any]) -> tuple[list[int], list[Row]]:
        if self.shape:
            at = self.shape.column("pk")
            return [row[at] for row in found], self.shape.tell(found)
        return [each.pk for each in found], self.view.get_serializer(found, many=True).data

    def rows(self) -> Iterator[Row]:
        """What is shown of each object."""
        for _, shown in self.chunks():
            yield from shown


def _limit(request: Request) -> int:
    """The most rows that are wanted; every one without it."""
    asked = request.query_params.get("limit", "")
    if not asked and "limit" not in request.query_params:
        return 2**63
    if not (asked.isascii() and asked.isdigit() and int(asked[:12]) >= 1):
        raise refusal("limit", "Số dòng phải từ 1 trở lên.")
    return int(asked[:12])

"""The whole of a list, a chunk at a time by key: what a view filters and shows, without its pages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from communes.filters import refusal

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
        self.view = view
        self.queryset = view.filter_queryset(view.get_queryset())
        self.total = self.queryset.count()
        self.size = min(self.total, _limit(request))

    def chunks(self) -> Iterator[tuple[list[int], list[Row]]]:
        """Ids with what is shown of each, a thousand at a time."""
        left = self.size
        while left > 0:
            self.view.paginator.onward = min(CHUNK, left)  # type: ignore[union-attr]
            objects = self.view.paginate_queryset(self.queryset)
            if not objects:
                return
            left -= len(objects)
            yield [each.pk for each in objects], self.view.get_serializer(objects, many=True).data

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

"""A read-only resource of the API: its rows by their shape, as much of them as the reader asks for."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django_filters import FilterSet
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from communes.asked import PARTS, asked_fields
from communes.etags import ConditionalReads
from communes.filters import KnownValuesFilterSet
from communes.shapes import Beside, Row, Shape


class Listing(ConditionalReads, GenericViewSet):
    """A read-only resource: lists and objects of what its serializer promises.

    `orderings`: what a reader may order by → the column behind it. `keyset`: the order without being asked; whatever
    is asked, the last of its keys makes the order total.
    """

    orderings: dict[str, str] = {}
    keyset: tuple[str, ...] = ("pk",)
    columns: list[str]
    understands = frozenset(PARTS)
    asked: FilterSet | None = None  # as the filter backend has read it

    def beside(self) -> dict[str, Beside]:
        """Fields that are read for a page at once."""
        return {}

    def find(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows among which the object of the address is the first."""
        return rows.filter(**{self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]})

    def absent(self) -> Exception:
        """What is raised where the address names nothing."""
        return Http404()

    def list(self, request, *args, **kwargs) -> Response:
        shape = self.shape()
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if not page:
            self._refuse_unknown()
        return self.get_paginated_response(shape.tell(page or []))

    def retrieve(self, request, *args, **kwargs) -> Response:
        return Response(self.told())

    def told(self) -> dict[str, Any]:
        """The object of the address."""
        shape = self.shape()
        found = self.find(self.filter_queryset(self.get_queryset())).select_related(None).prefetch_related(None)
        found = found.values_list(*shape.columns)[:1]
        rows: list[Row] = list(found)
        if not rows:
            self._refuse_unknown()
            raise self.absent()
        return shape.tell(rows)[0]

    def _refuse_unknown(self) -> None:
        """Nothing was found: was a code asked for that nobody ever used?"""
        if isinstance(self.asked, KnownValuesFilterSet):
            self.asked.refuse_unknown()

    def shape(self) -> Shape:
        """What of a row the reader asked for; from here on the pages hold those columns."""
        serializer: Any = self.get_serializer_class()
        shape = Shape.of(serializer, asked_fields(self.request, serializer), self.beside())
        shape.column("pk")
        self.columns = shape.columns
        return shape

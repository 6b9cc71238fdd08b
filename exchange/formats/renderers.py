"""The forms of a whole list. Each sends the rows as they are read and says in X-Total-Count how many there are."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.rendering import in_json
from communes.filters import refusal
from communes.models import Area
from criteria.workbooks.writing import Book
from exchange.formats.columns import Columns, cells_of
from exchange.formats.rows import WholeList
from exchange.formats.units import collection
from files.tables import csv_lines

# A workbook is made before its first byte is sent: of the widest list (36 columns) this takes some seconds.
MOST_IN_WORKBOOK = 10_000


class WholeListRenderer(BaseRenderer):
    """A form of lists only. Rendering as usual (a refusal, say) stays JSON.

    `adds` and `refuses` tell the filters which parameters the form brings, and which mean nothing in it.
    """

    adds: frozenset[str] = frozenset()
    refuses = frozenset({"cursor", "count"})
    charset: str | None = None
    is_download = True

    def serves(self, view: Any) -> bool:
        return getattr(view, "action", "") == "list" and getattr(view, "pagination_class", None) is not None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return in_json(data)

    def whole_list(self, view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer of a list view in this form."""
        wanted = WholeList(view, request)
        body = self.parts(wanted, request)
        kind = f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type
        if request.method == "HEAD":
            response: HttpResponseBase = HttpResponse(content_type=kind)
        else:
            response = StreamingHttpResponse(body, content_type=kind)
        response["X-Total-Count"] = str(wanted.total)
        if self.is_download:
            response["Content-Disposition"] = (
                f'attachment; filename="{request.path.strip("/").split("/")[-1]}.{self.format}"'
            )
        return response

    def parts(self, wanted: WholeList, request: Request) -> Iterator[str | bytes]:
        raise NotImplementedError


class NDJSONRenderer(WholeListRenderer):
    """One JSON object a line, the same as in the pages."""

    media_type, format = "application/x-ndjson", "ndjson"
    is_download = False

    def parts(self, wanted: WholeList, request: Request) -> Iterator[str | bytes]:
        for _, shown in wanted.chunks():
            yield b"".join(in_json(row) + b"\n" for row in shown)


class CSVRenderer(WholeListRenderer):
    """A table: UTF-8, commas and decimal points; `locale=vi` for semicolons and decimal commas, `bom=1` for Excel."""

    media_type, format, charset = "text/csv", "csv", "utf-8"
    adds = frozenset({"bom", "locale"})

    def parts(self, wanted: WholeList, request: Request) -> Iterator[str | bytes]:
        with_mark = _one_of(request, "bom", ("0", "1")) == "1"
        vietnamese = _one_of(request, "locale", ("en", "vi")) == "vi"
        columns = wanted.columns()
        rows = (cells_of(row, columns) for row in wanted.rows())
        delimiter, decimal_mark = (";", ",") if vietnamese else (",", ".")
        return csv_lines(list(columns), rows, delimiter=delimiter, decimal_mark=decimal_mark, bom=with_mark)


class XLSXRenderer(WholeListRenderer):
    """A workbook of one sheet: texts are texts, numbers are numbers."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"

    def parts(self, wanted: WholeList, request: Request) -> Iterator[str | bytes]:
        if wanted.size > MOST_IN_WORKBOOK:
            message = (
                f"Danh sách có {wanted.size} dòng; XLSX nhận nhiều nhất {MOST_IN_WORKBOOK}. "
                "Lọc bớt, đặt limit, hoặc lấy CSV, NDJSON."
            )
            raise refusal("format", message, "too_many_rows")
        columns, rows = wanted.columns(), wanted.rows()
        first = list(islice(rows, 1))  # a refusal comes with it, before a file is open
        book = Book(is_large=True)
        sheet = book.sheet("Dữ liệu")
        sheet.freeze_panes(1, 1)
        book.put_row(sheet, 0, list(columns), "head")
        for place, row in enumerate(chain(first, rows), start=1):
            book.put_row(sheet, place, cells_of(row, columns))
        return iter((book.finished(),))


class GeoJSONRenderer(WholeListRenderer):
    """Units as a FeatureCollection (RFC 7946) with their attainment as properties."""

    media_type, format = "application/geo+json", "geojson"
    refuses = WholeListRenderer.refuses | {"fields", "omit", "brief"}
    is_download = False

    def serves(self, view: Any) -> bool:
        rows = getattr(view, "queryset", None)
        return super().serves(view) and rows is not None and rows.model is Area

    def parts(self, wanted: WholeList, request: Request) -> Iterator[str | bytes]:
        return collection(wanted, request)


class TableRenderer(BaseRenderer):
    """A small answer `{columns, results}` as CSV; anything else, a refusal say, stays JSON."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if not isinstance(data, dict) or "columns" not in data:
            return in_json(data)
        ways: Columns = {name: (name,) for name in data["columns"]}
        rows = (cells_of(row, ways) for row in data["results"])
        return "".join(csv_lines(list(ways), rows, bom=False)).encode()


class LinkedDataRenderer(JSONRenderer):
    """JSON-LD, as catalogues are harvested."""

    media_type, format = "application/ld+json", "jsonld"


def _one_of(request: Request, name: str, known: tuple[str, ...]) -> str:
    asked = request.query_params.get(name, known[0])
    if asked not in known:
        raise refusal(name, f"Giá trị phải là một trong: {', '.join(known)}.")
    return asked

"""The portal's addresses and, behind the same middleware, the two floors of the bench."""

import json
import os
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from reports.views import pages

ROWS = """
    SELECT area.code, area.name, area.short_name, area.kind, area.level, area.valid_from, area.valid_to,
           area.confidence, parent.code, parent.name, parent.kind
    FROM communes_area area
    JOIN communes_placement place ON place.area_id = area.id
    JOIN communes_area parent ON parent.id = place.parent_id
    WHERE area.level = 'commune'
      AND (area.valid_from IS NULL OR area.valid_from <= %(on)s) AND (area.valid_to IS NULL OR area.valid_to >= %(on)s)
      AND (place.valid_from IS NULL OR place.valid_from <= %(on)s)
      AND (place.valid_to IS NULL OR place.valid_to >= %(on)s)
    ORDER BY area.sort_key, area.id
"""


def _counted(read: Callable[..., object], path: str) -> Callable[..., object]:
    """The reading of a page, with a line in a file each time that it is done, by whichever process."""

    def counted(*args: object, **kwargs: object) -> object:
        with open(path, "a") as file:
            file.write(f"{os.getpid()}\n")
        return read(*args, **kwargs)

    return counted


if told := os.environ.get("BENCH_RENDERS"):
    pages.home = _counted(pages.home, told)  # type: ignore[assignment]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def raw_communes(request: HttpRequest) -> HttpResponse:
    """What the list of communes holds, straight from a cursor: the least that the same answer can cost."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"on": request.GET["as_of"]})
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(json.dumps({"count": len(rows), "results": rows}, default=str), content_type="application/json")


urlpatterns = [path("bench/hello", hello), path("bench/communes", raw_communes), path("", include("ntm_portal.urls"))]
handler403 = "ntm_portal.errors.forbidden"
handler404 = "ntm_portal.errors.not_found"
handler500 = "ntm_portal.errors.server_error"

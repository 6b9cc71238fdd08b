"""The register as a workbook: what is seen is written out; a filled one is taken in by the desk's own way."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.desk import DeskRequest, desk_page
from criteria.views.workbooks import to_register
from files.kinds import MEDIA_TYPE, Kind
from ocop.actions.imports import REGISTER
from ocop.queries import listing
from ocop.queries.places import districts_of
from ocop.views.listing import filters_of, rights
from ocop.workbooks import writing


@never_cache
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The products of the list as it is narrowed, as a workbook; open to everybody."""
    on = timezone.localdate()
    found = listing.narrowed(filters_of(request), on, districts_of())
    rows = found.select_related("producer", "area", "product_set", "standing").order_by("sort_key", "pk")
    content = writing.workbook(rows, f"Sản phẩm OCOP, ngày {on:%d/%m/%Y}")
    response = HttpResponse(content, content_type=MEDIA_TYPE[Kind.XLSX])
    response["Content-Disposition"] = f'attachment; filename="ocop-{on:%Y-%m-%d}.xlsx"'
    return response


@desk_page
@require_http_methods(["GET", "POST"])
def intake(request: DeskRequest) -> HttpResponse:
    """What was sent, and one more: read by a job, looked at, then written as a whole."""
    return to_register(request, REGISTER.code, "ocop/intake.html", **rights(request))

"""Conditional reads: an ETag from the address, the data counter and what the reader may see."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.scope import Actor, appointments_of
from communes import epochs

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, max-age=0, must-revalidate"


class NotModified(APIException):
    """The reader holds what the portal would answer."""

    status_code = 304


def etag_for(request: Request | HttpRequest, epoch: int | None = None) -> str:
    """A weak ETag of what `request` would be answered now; the counter, unless given, is its only read of data.

    Today's date belongs to it, because lists without a date mean today; the keyed hash keeps anybody
    from making one up for an object that they may not see.
    """
    parts = (
        str(settings.SPECTACULAR_SETTINGS["VERSION"]),
        request.build_absolute_uri(),
        getattr(request, "accepted_media_type", ""),  # one address, several forms (Vary: Accept)
        str(epochs.current() if epoch is None else epoch),
        timezone.localdate().isoformat(),
        _scope_of(request.user),
    )
    return f'W/"{salted_hmac("ntm.etag", "|".join(parts), algorithm="sha256").hexdigest()[:32]}"'


def _scope_of(user: Actor) -> str:
    if not user.is_authenticated:
        return "anonymous"
    held = sorted((a.pk, a.role, a.area_id or 0, a.department_id or 0) for a in appointments_of(user))
    return f"{user.pk}:{held}"


class ConditionalReads(APIView):
    """Mixed into every view that answers GET: 304 before any query but the counter's, else an ETag."""

    etag: str | None = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method in SAFE_METHODS and request.method != "OPTIONS":
            self.etag = etag_for(request)
            if self.etag in parse_etags(request.headers.get("If-None-Match", "")):
                raise NotModified
        if whole := getattr(request.accepted_renderer, "whole_list", None):
            for method in ("get", "head"):
                setattr(self, method, partial(whole, self))  # in place of a page: exchange.formats

    def handle_exception(self, exc):
        if isinstance(exc, NotModified):
            return Response(status=NotModified.status_code)
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.etag and response.status_code in (200, 304):
            response["ETag"] = self.etag
            response["Cache-Control"] = PRIVATE if request.user.is_authenticated else PUBLIC
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

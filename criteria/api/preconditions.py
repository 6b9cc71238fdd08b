"""Which state of an object a write is meant for: If-Match, or the version in the body."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from communes.etags import ConditionalReads

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The `ETag` of the object as it was read at its own address; 412 if it is another one by now.",
)


class Unmatched(APIException):
    """The object is no longer as If-Match names it."""

    status_code, default_code = 412, "precondition_failed"
    default_detail = "Đối tượng đã đổi sau khi bạn đọc. Đọc lại rồi gửi với ETag mới."

    def __init__(self, shown: Any) -> None:
        super().__init__()
        self.members = {"etag": etag_of(shown), "version": shown.get("version"), "theirs": shown.get("value")}


class Unconditional(APIException):
    """Neither If-Match nor a version: the write would go over whatever is stored."""

    status_code, default_code = 428, "precondition_required"
    default_detail = "Gửi tiêu đề If-Match (ETag của lần đọc), hoặc version trong thân."


def etag_of(shown: Any) -> str:
    """A strong ETag made from what the object's representation shows, and from nothing else."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def matches(etag: str, given: str) -> bool:
    """Whether the header names `etag`. A proxy that compresses weakens tags; ours are of data, not of bytes."""
    return "*" in (tags := parse_etags(given)) or etag in _bare(tags)


def _bare(tags: Iterable[str]) -> set[str]:
    return {tag.removeprefix("W/") for tag in tags}


class ExactObjects(ConditionalReads, RetrieveModelMixin):
    """Mixed into a viewset in place of ConditionalReads: one object has an ETag of its own, which a write may name."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        response: HttpResponse = super().retrieve(request, *args, **kwargs)
        self.etag = etag_of(response.data)  # type: ignore[attr-defined]
        if self.etag in _bare(parse_etags(request.headers.get("If-None-Match", ""))):
            response = HttpResponse(status=304)
        response["ETag"] = self.etag
        return response

    def require_match(self, shown: Any) -> None:
        """Unmatched where If-Match names another state than `shown`. Call it under lock."""
        given = self.request.headers.get("If-Match")
        if given is not None and not matches(etag_of(shown), given):
            raise Unmatched(shown)

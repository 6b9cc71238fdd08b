"""Which state of an object a write is meant for: If-Match, or the version in the body."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rendering import in_json
from communes.etags import PRIVATE, PUBLIC
from communes.lists import Listing

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
    return f'"{hashlib.sha256(in_json(shown)).hexdigest()[:32]}"'


def matches(etag: str, given: str) -> bool:
    """Whether the header names `etag`. A proxy that compresses weakens tags; ours are of data, not of bytes."""
    return "*" in (tags := parse_etags(given)) or etag in _bare(tags)


def _bare(tags: Iterable[str]) -> set[str]:
    return {tag.removeprefix("W/") for tag in tags}


class ExactObjects(Listing):
    """A listing whose objects have an ETag of their own, of what they show, which a write may name."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shown = self.told()
        etag = etag_of(shown)
        self.state = None  # not of the province's counter, so not kept under it either
        known = etag in _bare(parse_etags(request.headers.get("If-None-Match", "")))
        response = Response(status=304) if known else Response(shown)
        response["ETag"] = etag
        response["Cache-Control"] = PRIVATE if request.user.is_authenticated else PUBLIC
        return response

    def stored(self) -> Response:
        """The object as it stands after a step, with the ETag to go on with."""
        shown = self.told()
        return Response(shown, headers={"ETag": etag_of(shown)})

    def require_match(self, shown: Any) -> None:
        """Unmatched where If-Match names another state than `shown`. Call it under lock."""
        given = self.request.headers.get("If-Match")
        if given is not None and not matches(etag_of(shown), given):
            raise Unmatched(shown)

"""The files of a post, read once the person is known to see the place that they are for, and streamed."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_protect

from criteria.views.refusals import DeskRequest
from files.receiving import Received, receiving

CUT = "Tệp chưa tới đủ, chưa lưu. Gửi lại."
# The last field of the form: where it came, everything before it came whole.
LAST_FIELD, LAST_VALUE = "end", "het"

Then = Callable[[list[Received]], HttpResponse]
Refuse = Callable[[str, int], HttpResponse]


def take(request: DeskRequest, *, then: Then, refuse: Refuse) -> HttpResponse:
    """`then` answers with the files of the post; `refuse` where they are too large, cut or none. From csrf_exempt."""
    if _announced(request) > settings.EVIDENCE_REQUEST_BYTES:
        most = settings.EVIDENCE_REQUEST_BYTES // 1024**2
        return refuse(f"Gửi một lần nhiều nhất {most} MB. Chia ra nhiều lần.", 413)
    with receiving(request, most_bytes=settings.EVIDENCE_FILE_BYTES):
        try:
            return _taken(request, then, refuse)
        except UnreadablePostError:
            return refuse(CUT, 400)


def _announced(request: DeskRequest) -> int:
    """Bytes of the body as its head says."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isdecimal() and len(said) < 16 else 0


# Here the body is read for the first time: the token in it is checked now.
@csrf_protect
def _taken(request: DeskRequest, then: Then, refuse: Refuse) -> HttpResponse:
    if request.POST.get(LAST_FIELD) != LAST_VALUE:
        return refuse(CUT, 400)
    came = cast(list[Received], request.FILES.getlist("files"))
    return then(came) if came else refuse("Chọn tệp trước khi gửi.", 422)

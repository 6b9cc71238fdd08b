"""Files of a request on their way to the disk: never whole in memory, bounded and hashed as they arrive.

A form with files ends with the hidden field `whole`: where a server hands over a request that was cut short, the
field is missing and nothing of the request counts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from files import Refusal, storage
from files.kinds import LARGEST
from files.storage import Incoming, Writer

WHOLE = "whole"
# Of one request; a browser with script sends every file in a request of its own.
LARGEST_REQUEST = 100 << 20
TOO_MUCH = f"Một lần gửi tối đa {LARGEST_REQUEST >> 20} MB. Gửi ít tệp hơn mỗi lần."
CUT = "Tệp gửi lên bị ngắt giữa chừng, chưa lưu gì. Gửi lại."


class Received(UploadedFile):
    """One file of a request, called `name` by its sender: on the disk, or `fault` tells why it is not."""

    def __init__(self, name: str, size: int, incoming: Incoming | None, fault: Refusal | None) -> None:
        super().__init__(name=name, size=size)
        self.incoming, self.fault = incoming, fault

    def close(self) -> None:
        """What Django does to every file at the end of a request."""
        if self.incoming:
            storage.discard(self.incoming.path)


class ToDisk(FileUploadHandler):
    """Streams each file into `incoming`. A refused one is read to its end and thrown away: the form stays whole."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._total = 0
        self._writer: Writer | None = None
        self._fault: Refusal | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._writer, self._fault = None, None
        self._guarded(self._open)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._total += len(raw_data)
        if self._total > LARGEST_REQUEST:
            self.discard()
            self._fault = Refusal(TOO_MUCH, code="too_large")
        if self._fault is None:
            self._guarded(self._write, raw_data)

    def file_complete(self, file_size: int) -> Received:
        incoming = self._guarded(self._finish) if self._fault is None else None
        return Received(self.file_name or "", file_size, incoming, self._fault)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Forget the file in hand, if any."""
        if self._writer:
            self._writer.discard()
            self._writer = None

    def _guarded(self, act: Callable[..., Any], *args: Any) -> Any:
        """What `act` returns; a refusal is remembered for when the whole form has been read."""
        try:
            return act(*args)
        except Refusal as refusal:
            self._writer, self._fault = None, refusal

    def _open(self) -> None:
        self._writer = Writer(largest=LARGEST)

    def _write(self, data: bytes) -> None:
        if self._writer:
            self._writer.write(data)

    def _finish(self) -> Incoming | None:
        writer, self._writer = self._writer, None
        return writer.finish() if writer else None


def streamed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose files go to the disk through `ToDisk`; whatever it did not keep is gone when it has answered.

    The handler must be in place before anything reads the form, and the CSRF check does: it runs inside.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handler = ToDisk(request)
        request.upload_handlers = [handler]
        try:
            return checked(request, *args, **kwargs)
        finally:
            handler.discard()
            for file in _received(request):
                file.close()

    return received


def _received(request: HttpRequest) -> list[Received]:
    """The files read so far; asking for them must not read a request that nobody has read."""
    files = getattr(request, "_files", None)
    return [file for _, found in files.lists() for file in found] if files is not None else []

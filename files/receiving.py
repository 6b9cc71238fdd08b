"""Files of a request, streamed to the disk as they come, checked for size on the way, and gone unless kept."""

import contextlib
import errno
import hashlib
import io
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from files import storage

LONGEST_NAME = 120
NO_SPACE, TOO_BIG = "no_space", "too_big"
FULL = {errno.ENOSPC, errno.EDQUOT}


class Received:
    """A file that came with a request. `fault` says why it is not whole: too_big or no_space."""

    def __init__(self, name: str, most_bytes: int) -> None:
        self.name = shown_name(name)
        self.path = storage.incoming() / f"{secrets.token_hex(16)}.part"
        self.size = 0
        self.fault = ""
        self._most_bytes = most_bytes
        self._digest = hashlib.sha256()
        self._file: IO[bytes] = io.BytesIO()
        self._begin()

    @property
    def sha256(self) -> str:
        """Of the bytes as they were sent."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes; after a fault they are read and dropped, so that the answer is heard."""
        self.size += len(chunk)
        if self.size > self._most_bytes:
            self._give_up(TOO_BIG)
        if self.fault:
            return
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            self._out_of_space(error)

    def _begin(self) -> None:
        """Open the file, unless the disk is so full that the database needs what is left of it."""
        try:
            if shutil.disk_usage(self.path.parent).free < self._most_bytes + settings.UPLOADS_SPARE_BYTES:
                self._give_up(NO_SPACE)
            else:
                self._file = self.path.open("xb")
        except OSError as error:
            self._out_of_space(error)

    def finish(self) -> None:
        """Everything has come."""
        try:
            self._file.close()
        except OSError as error:
            self._out_of_space(error)

    def close(self) -> None:
        """Gone, unless it was moved into the store meanwhile."""
        # What could not be written is thrown away here.
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _out_of_space(self, error: OSError) -> None:
        if error.errno not in FULL:
            raise error
        self._give_up(NO_SPACE)

    def _give_up(self, fault: str) -> None:
        self.fault = self.fault or fault
        self.path.unlink(missing_ok=True)


class _Handler(FileUploadHandler):
    """Streams the files of one request; the only handler there, so that nothing is kept in memory."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes
        self.came: list[Received] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.came.append(Received(self.file_name or "", self.most_bytes))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.came[-1].write(raw_data)

    def file_complete(self, file_size: int) -> Received:  # type: ignore[override]
        self.came[-1].finish()
        return self.came[-1]


@contextmanager
def receiving(request: HttpRequest, *, most_bytes: int) -> Iterator[None]:
    """Inside, `request.FILES` holds `Received`. Before anything has read the body; afterwards nothing is left."""
    handler = _Handler(request, most_bytes)
    request.upload_handlers = [handler]
    try:
        yield
    finally:
        for received in handler.came:
            received.close()


def shown_name(sent: str) -> str:
    """The name for display: no folders, nothing that cannot be seen, NFC, its ending kept when it is cut."""
    base = sent.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", base) if char.isprintable()).strip(" .")
    stem, ending = Path(seen).stem, Path(seen).suffix[:10]
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}" or "tep"

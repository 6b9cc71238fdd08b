"""Taking a file that was sent: looked into, put into the store, and only then referred to by a row."""

import threading
from base64 import b64decode
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from django.conf import settings
from django.utils import timezone

import files
from accounts.errors import Refused
from accounts.models import User
from criteria.models import StoredFile
from criteria.queries.uploads import left_this_year
from files import child, kinds, pdfs, storage
from files.receiving import FULL, NO_SPACE, TOO_BIG, Received

NO_ROOM = "Máy chủ hết chỗ lưu, tệp chưa được lưu. Báo quản trị rồi gửi lại."
_MEGABYTE = 1024 * 1024
_PICTURES = ("jpeg", "png")
_SECONDS = 30
# Large pictures take much memory: so many at a time in this process, the others wait.
_FEW_AT_ONCE = threading.BoundedSemaphore(2)


class NoSpace(Refused):
    """The disk of the server is full."""

    status = 507
    default_code = "no_space"


class Kept(NamedTuple):
    """A file in the store that no row refers to yet."""

    key: str
    kind: str


class Refers(Protocol):
    """A row that refers to a stored file."""

    file: StoredFile


Row = TypeVar("Row", bound=Refers)


def require_whole(received: Received) -> None:
    """Refused where the file is too large, empty, or the disk is full."""
    if received.fault == NO_SPACE:
        raise NoSpace(NO_ROOM, field="files")
    most = settings.EVIDENCE_FILE_BYTES
    if received.fault == TOO_BIG or received.size > most:
        raise Refused(f"Tệp lớn quá {most // _MEGABYTE} MB.", field="files", code="too_big")
    if not received.size:
        raise Refused("Tệp rỗng.", field="files", code="empty")


def keep(received: Received, allowed: Collection[str], by: User, write: Callable[[Kept], Row]) -> Row:
    """Look into the file before anything is locked, store it, then let `write` make the rows in its transaction.

    `write` may answer with a row of before, and of another file: this one is then dropped.
    """
    _require_room(received.size, by)
    try:
        kind = looked_into(received, allowed)
        key = storage.keep(received.path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoSpace(NO_ROOM, field="files") from error
    try:
        made = write(Kept(key, kind))
    except Refused:
        storage.discard(key)
        raise
    # After any other fault nobody knows whether the rows were committed: the file stays, `collect_files` will tell.
    if made.file.key != key:
        storage.discard(key)
    return made


def stored(kept: Kept, by: User) -> StoredFile:
    """The row of a file in the store, under lock of the person whose year is counted."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    path = storage.path_of(kept.key)
    size = path.stat().st_size
    _require_room(size, by)
    return StoredFile.objects.create(
        key=kept.key, kind=kept.kind, size=size, sha256=storage.digest(path), stored_by=by, stored_at=timezone.now()
    )


def _require_room(size: int, by: User) -> None:
    """How much a person sends in a year has an end."""
    if size > left_this_year(by):
        most = settings.EVIDENCE_YEAR_BYTES
        raise Refused(f"Năm nay bạn đã gửi gần đủ {most // _MEGABYTE} MB, không gửi thêm được.", field="files")


def looked_into(received: Received, allowed: Collection[str]) -> str:
    """The kind of the file, once its content holds; a picture is written anew in its place."""
    try:
        kind = str(kinds.kind_of(received.path, received.name))
        if kind not in allowed:
            said = ", ".join(allowed).upper()
            raise Refused(f"Chỉ nhận tệp {said}.", field="files", code="kind")
        if kind == "pdf":
            _require_open_pdf(received.path)
        if kind in _PICTURES:
            _write_anew(received.path, kind)
    except files.Refusal as refusal:
        raise Refused(str(refusal), field="files", code="content") from refusal
    return kind


def _require_open_pdf(path: Path) -> None:
    if pdfs.is_cut(path):
        raise Refused("Tệp PDF thiếu phần cuối. Mở thử rồi gửi lại.", field="files", code="content")
    if pdfs.is_locked(path):
        raise Refused("Tệp PDF có mật khẩu. Bỏ mật khẩu rồi gửi lại.", field="files", code="content")


def _write_anew(path: Path, kind: str) -> None:
    """Put the picture, written anew by the child, in the place of what was sent."""
    with _FEW_AT_ONCE:
        said = child.call("files.images:anew", path, kind, seconds=_SECONDS, memory=settings.EVIDENCE_MEMORY)
    picture = b64decode(said)
    if len(picture) > settings.EVIDENCE_FILE_BYTES:
        raise Refused("Ảnh lớn quá. Giảm cỡ ảnh rồi gửi lại.", field="files", code="too_big")
    path.write_bytes(picture)

"""Where files lie: in `incoming` while they are being received, then in `kept`, under random names, outside the web.

A file is in place and on the disk before the database tells of it, so a row never points to nothing. What no row
tells of is removed by `collect` when it is an hour old.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from files import Refusal

NO_SPACE = "Máy chủ hết chỗ chứa tệp. Chưa lưu tệp này; báo quản trị hệ thống."
TOO_LARGE = "Tệp lớn hơn {} MB. Giảm dung lượng hoặc chia nhỏ rồi tải lên."
# The database shares the disk: it must be able to go on writing when uploads no longer are.
SPARED = 256 << 20
HOUR = 3600
_CHUNK = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Damaged(Exception):
    """A kept file is missing or no longer what it was."""


@dataclass(frozen=True)
class Incoming:
    """A received file that is whole and on the disk, but not kept yet. Size in bytes."""

    path: Path
    size: int
    sha256: str


class Writer:
    """Writes one file into `incoming` as it arrives; Refusal where it grows too large or the disk is full."""

    def __init__(self, *, largest: int) -> None:
        folder = _folder("incoming")
        if shutil.disk_usage(folder).free < SPARED + largest:
            raise no_space()
        self.path = folder / secrets.token_hex(16)
        self._file = self.path.open("xb")
        self._digest, self._largest, self.size = hashlib.sha256(), largest, 0

    def write(self, data: bytes) -> None:
        """Append; what was written so far is gone where this raises."""
        self.size += len(data)
        if self.size > self._largest:
            self.discard()
            raise Refusal(TOO_LARGE.format(self._largest >> 20), code="too_large")
        self._digest.update(data)
        with self._room():
            self._file.write(data)

    def finish(self) -> Incoming:
        """The whole file, safe against a power cut."""
        with self._room():
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        return Incoming(self.path, self.size, self._digest.hexdigest())

    def discard(self) -> None:
        """Forget what was written; may be called any number of times."""
        with suppress(OSError):  # closing writes what was buffered, and fails once more on a full disk
            self._file.close()
        discard(self.path)

    @contextmanager
    def _room(self) -> Iterator[None]:
        """A full disk becomes a Refusal; no fault leaves anything behind."""
        try:
            yield
        except OSError as fault:
            self.discard()
            if fault.errno in _FULL:
                raise no_space() from fault
            raise


def no_space() -> Refusal:
    """The refusal of a full disk."""
    return Refusal(NO_SPACE, code="no_space")


def discard(path: Path) -> None:
    """Remove a file that may be gone already."""
    path.unlink(missing_ok=True)


def write(content: bytes, *, largest: int) -> Incoming:
    """Bytes in hand as an incoming file."""
    writer = Writer(largest=largest)
    writer.write(content)
    return writer.finish()


def keep(incoming: Incoming) -> str:
    """Move a received file to where files are kept; returns its random name. To be told to the database next."""
    name = secrets.token_hex(16)
    target = _kept(name)
    try:
        target.parent.mkdir(exist_ok=True)
        os.rename(incoming.path, target)
        _sync_folder(target.parent)
    except OSError as fault:
        if fault.errno in _FULL:
            raise no_space() from fault
        raise
    return name


def opened(name: str, sha256: str) -> BinaryIO:
    """The kept file, open at its start, after its content was compared; raises Damaged."""
    try:
        found = _kept(name).open("rb")
    except FileNotFoundError as missing:
        raise Damaged(name) from missing
    if hashlib.file_digest(found, "sha256").hexdigest() != sha256:
        found.close()
        raise Damaged(name)
    found.seek(0)
    return found


def is_whole(name: str, sha256: str) -> bool:
    """Whether the kept file is there and still what it was."""
    try:
        opened(name, sha256).close()
    except Damaged:
        return False
    return True


def collect(known: Callable[[Iterable[str]], set[str]], *, older_than: float = HOUR) -> int:
    """Remove what was left behind longer than `older_than` seconds ago; returns how many files.

    `known` tells which of some names the database has. Everything in `incoming` of that age was abandoned.
    """
    before = time.time() - older_than
    removed = _remove(_old_in(_folder("incoming"), before))
    for shard in sorted(path for path in _folder("kept").iterdir() if path.is_dir()):
        old = list(_old_in(shard, before))
        told = known([path.name for path in old])
        removed += _remove(path for path in old if path.name not in told)
    return removed


def _old_in(folder: Path, before: float) -> Iterable[Path]:
    return [Path(entry.path) for entry in os.scandir(folder) if entry.is_file() and entry.stat().st_mtime < before]


def _remove(paths: Iterable[Path]) -> int:
    found = list(paths)
    for path in found:
        discard(path)
    return len(found)


def _folder(name: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _kept(name: str) -> Path:
    return _folder("kept") / name[:2] / name


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

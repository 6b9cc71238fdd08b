"""Uploaded tables on disk: under random names outside every served folder, whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.errors import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
TOO_BIG = "Tệp quá 10 MB. Chia thành nhiều tệp rồi tải lên."
YEAR_FULL = (
    "Năm nay bạn đã gửi gần đủ {most} MB tệp, chỉ còn {left} MB, không gửi thêm tệp này được. "
    "Nhập trực tiếp trên trang, hoặc nhờ người khác cùng đơn vị gửi."
)
NO_ROOM = "Máy chủ hết chỗ lưu tệp. Báo quản trị, rồi tải lên lại."


@dataclass(frozen=True)
class Stored:
    """A file as it was kept."""

    name: str
    sha256: str
    size: int


def path_of(name: str) -> Path:
    """Where a file lies."""
    return folder() / name


def folder() -> Path:
    """Where all of them lie."""
    return Path(settings.MEDIA_ROOT) / "imports"


def year_full(left: int) -> Refused:
    """Said to a person who may send only `left` bytes more this year."""
    most, rest = settings.EVIDENCE_YEAR_BYTES // MEGABYTE, f"{left / MEGABYTE:.1f}".replace(".", ",")
    return Refused(YEAR_FULL.format(most=most, left=rest), field="file", code="year_full")


def store(chunks: Iterable[bytes], *, left: int) -> Stored:
    """Keep the bytes under a new random name; Refused where they are too many, for a file or for the `left` bytes
    that the person may send, or where the disk is full.
    """
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(".part")
    try:
        digest, size = _written(half, chunks, left)
        half.rename(path)
    except OSError as fault:
        raise Refused(NO_ROOM, field="file", code="no_room") from fault
    finally:
        half.unlink(missing_ok=True)
    return Stored(name, digest, size)


def _written(path: Path, chunks: Iterable[bytes], left: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as out:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refused(TOO_BIG, field="file", code="too_big")
            if size > left:
                raise year_full(left)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def keep_text(name: str, text: str) -> None:
    """Keep what was read of a file beside it: whole, whoever else writes it at the same time."""
    half = path_of(f"{name}.{secrets.token_hex(4)}.part")
    half.write_text(text, encoding="utf-8")
    half.rename(path_of(name))


def forget(name: str) -> None:
    """Remove a stored file."""
    path_of(name).unlink(missing_ok=True)

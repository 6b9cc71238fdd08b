"""Is it safe to unpack? Every entry of a zip is counted byte by byte before any reader sees the archive."""

import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from files import Refusal

DAMAGED = "Tệp bị hỏng hoặc bị cắt cụt. Mở bằng Excel hoặc Word, lưu lại rồi tải lên."
_NESTED = {".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".jar", ".xlsx", ".docx", ".pptx", ".xlsm"}
_EMBEDDED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MZ")
_DOCTYPE = "<!DOCTYPE"
_DOCTYPES = (_DOCTYPE.encode(), _DOCTYPE.encode("utf-16-le"), _DOCTYPE.encode("utf-16-be"))
_LONGEST_DOCTYPE = max(map(len, _DOCTYPES))
_CHUNK = 1 << 16
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 1 << 16


@dataclass(frozen=True)
class Limits:
    """What an archive may hold; bytes. A small entry may be as dense as it likes: it does no harm."""

    entries: int = 200
    unpacked: int = 50 << 20
    ratio: int = 100
    directory: int = 256 << 10
    small: int = 1 << 20


LIMITS = Limits()


def check(path: str | os.PathLike[str]) -> list[str]:
    """The names of the entries of a harmless archive; Refusal for any other.

    Sizes are those that come out, not those that the archive states. To be called in a child (files.child).
    """
    _check_directory(Path(path))
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            _check_names(entries)
            _check_contents(archive, entries)
            return [entry.filename for entry in entries]
    # What zipfile raises over bytes that are no zip is not documented to be one class.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error):
        raise Refusal(DAMAGED, code="damaged") from None


def _check_directory(path: Path) -> None:
    """Before zipfile reads the directory: it must be there, and short enough for so many entries."""
    size = path.stat().st_size
    with path.open("rb") as opened:
        opened.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = opened.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise Refusal(DAMAGED, code="damaged")
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > LIMITS.entries or length > LIMITS.directory:
        raise _too_many()


def _too_many() -> Refusal:
    return Refusal(
        f"Tệp nén chứa hơn {LIMITS.entries} mục. Lưu lại thành tệp mới rồi tải lên.", code="too_many_entries"
    )


def _check_names(entries: list[ZipInfo]) -> None:
    if len(entries) > LIMITS.entries:
        raise _too_many()
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise Refusal("Tệp chứa hai mục trùng tên. Mở bằng Excel hoặc Word, lưu lại rồi tải lên.", code="duplicate")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: ZipInfo) -> None:
    """What the directory says of one entry."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or any(sign in entry.orig_filename for sign in "\\:\0"):
        raise Refusal("Tệp chứa đường dẫn không an toàn nên bị từ chối.", code="unsafe_path")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refusal("Tệp chứa liên kết tới tệp khác nên bị từ chối.", code="symlink")
    if entry.flag_bits & 0x1:
        raise Refusal("Tệp đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên.", code="encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal("Tệp nén theo cách không hỗ trợ. Mở bằng Excel hoặc Word, lưu lại rồi tải lên.", code="method")
    if path.name.casefold().startswith("vbaproject"):
        raise Refusal("Tệp chứa macro. Lưu lại thành .xlsx (không macro) rồi tải lên.", code="macro")
    if path.suffix.casefold() in _NESTED:
        raise _nested()


def _nested() -> Refusal:
    return Refusal("Tệp chứa tệp khác bên trong. Xoá phần nhúng, lưu lại rồi tải lên.", code="nested")


def _check_contents(archive: ZipFile, entries: list[ZipInfo]) -> None:
    left = LIMITS.unpacked
    for entry in entries:
        left -= _unpacked(archive, entry, left)


def _unpacked(archive: ZipFile, entry: ZipInfo, left: int) -> int:
    """Bytes that really come out of the entry, at most `left`; nothing hidden among them."""
    count, before = 0, b""
    dense = max(LIMITS.small, LIMITS.ratio * entry.compress_size)
    with archive.open(entry) as opened:
        while chunk := opened.read(_CHUNK):
            if not count and chunk.startswith(_EMBEDDED):
                raise _nested()
            count += len(chunk)
            if count > left or count > dense:
                raise Refusal(
                    "Tệp phình ra quá lớn khi mở. Xoá vùng trống có định dạng, lưu lại rồi tải lên.", code="bomb"
                )
            if any(mark in before + chunk for mark in _DOCTYPES):
                raise Refusal("Tệp chứa khai báo DOCTYPE nên bị từ chối. Lưu lại bằng Excel hoặc Word.", code="doctype")
            before = chunk[-_LONGEST_DOCTYPE:]
    return count

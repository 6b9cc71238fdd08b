"""What a zip archive (a workbook, a document) may be before anything reads it."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from files import Refusal

MOST_ENTRIES = 200
MOST_BYTES = 50 * 1024 * 1024
MOST_RATIO = 100
_SMALL = 256 * 1024  # below this a high ratio does no harm: style sheets are full of repetition
_CHUNK = 256 * 1024
_OVERLAP = 16
_FORBIDDEN_XML = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".jar", ".xlsx", ".xlsm", ".docx", ".docm", ".exe", ".dll")
_ARCHIVE_STARTS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ")
_OLE = b"\xd0\xcf\x11\xe0"
BROKEN = "Tệp hỏng hoặc tải lên chưa hết. Mở tệp trên máy, lưu lại rồi tải lên."
TOO_BIG = "Tệp bung ra quá lớn (trên 50 MB). Bỏ các hàng, cột và ảnh thừa rồi lưu lại."
MACRO = "Tệp có macro hoặc đối tượng nhúng. Lưu lại thành .xlsx không có macro rồi tải lên."
NESTED = "Trong tệp có tệp nén hoặc tệp nhúng khác. Bỏ tệp nhúng, lưu lại rồi tải lên."
LOCKED = "Tệp đặt mật khẩu. Bỏ mật khẩu (Tệp > Thông tin > Bảo vệ), lưu lại rồi tải lên."
ODD_NAMES = "Cấu trúc trong tệp bất thường. Mở bằng Excel hoặc LibreOffice, lưu lại rồi tải lên."


def check(path: str | Path) -> list[str]:
    """Names of the entries of a harmless archive; raises Refusal otherwise. Everything is unpacked once, and counted.

    Call it in the child (files.child): a list of entries alone may be large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_list(entries)
            _check_contents(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, ValueError, OSError) as fault:
        raise Refusal(BROKEN, "broken") from fault
    except RuntimeError as fault:  # zipfile's word for an entry that asks for a password
        raise Refusal(LOCKED, "encrypted") from fault
    return [entry.filename for entry in entries]


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    """What the archive says of itself: enough for most refusals."""
    if len(entries) > MOST_ENTRIES:
        raise Refusal("Tệp có quá nhiều phần bên trong (trên 200). Lưu lại thành tệp mới rồi tải lên.", "entries")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refusal(TOO_BIG, "unpacked")
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise Refusal(ODD_NAMES, "twice")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise Refusal(LOCKED, "encrypted")
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\0" in entry.orig_filename:
        raise Refusal(ODD_NAMES, "names")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refusal(ODD_NAMES, "symlink")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal(ODD_NAMES, "method")
    low = name.casefold()
    if low.endswith("vbaproject.bin") or "/macrosheets/" in low or "/activex/" in low:
        raise Refusal(MACRO, "macro")
    if low.endswith(_ARCHIVES) or "/embeddings/" in low:
        raise Refusal(NESTED, "nested")


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack everything into nothing: the real size, the checksums, no declarations in the XML, no archive inside."""
    total = 0
    for entry in entries:
        size = 0
        for part in parts(archive, entry.filename):
            fresh = len(part) - (_OVERLAP if size else 0)
            if size == 0 and part.startswith((*_ARCHIVE_STARTS, _OLE)):
                raise Refusal(NESTED, "nested")
            if entry.filename.casefold().endswith((".xml", ".rels", ".vml")):
                _check_xml(part)
            size, total = size + fresh, total + fresh
            if total > MOST_BYTES:
                raise Refusal(TOO_BIG, "unpacked")
            if size > _SMALL and size > MOST_RATIO * max(1, entry.compress_size):
                raise Refusal("Tệp nén bất thường (quá 100 lần). Lưu lại thành tệp mới rồi tải lên.", "ratio")


def parts(archive: zipfile.ZipFile, name: str, overlap: int = _OVERLAP) -> Iterator[bytes]:
    """The entry's bytes in chunks; each after the first begins with the last `overlap` bytes of the one before."""
    kept = b""
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            part = kept + chunk
            yield part
            # Pad so that the overlap is always as long as the reader counts on.
            kept = part[-overlap:].rjust(overlap, b" ")


def _check_xml(part: bytes) -> None:
    """No declarations; and one byte a character, so that none can hide from this look."""
    if b"\0" in part or _FORBIDDEN_XML.search(part):
        raise Refusal(ODD_NAMES, "doctype")

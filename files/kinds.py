"""Which kind of file it is: by its name and by its content, which must agree."""

import os
import zipfile
from enum import StrEnum
from pathlib import Path

from files import Refusal, zips


class Kind(StrEnum):
    """The kinds that are taken; nothing else is."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"


MEDIA_TYPE = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_BY_EXTENSION = {
    ".pdf": Kind.PDF, ".jpg": Kind.JPEG, ".jpeg": Kind.JPEG, ".png": Kind.PNG,
    ".xlsx": Kind.XLSX, ".csv": Kind.CSV, ".docx": Kind.DOCX,
}  # fmt: skip
_SAVE_AS = {
    ".xls": ".xlsx", ".xlsm": ".xlsx", ".xlsb": ".xlsx", ".xltx": ".xlsx", ".xltm": ".xlsx", ".ods": ".xlsx",
    ".doc": ".docx", ".docm": ".docx", ".odt": ".docx", ".rtf": ".docx",
    ".heic": ".jpg", ".webp": ".jpg", ".gif": ".png", ".bmp": ".png", ".tif": ".jpg", ".tiff": ".jpg", ".svg": ".png",
    ".txt": ".csv", ".tsv": ".csv",
}  # fmt: skip
_STARTS = {Kind.PDF: b"%PDF-", Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n"}
_ARCHIVE, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MAIN_PART = {
    Kind.XLSX: b"spreadsheetml.sheet.main+xml",
    Kind.DOCX: b"wordprocessingml.document.main+xml",
}
_HEAD = 4096
_READING_SECONDS = 5
TAKEN = "Chỉ nhận PDF, JPG, PNG, XLSX, DOCX, CSV."


def kind_of(path: str | Path, name: str) -> Kind:
    """The kind of the file at `path` that was sent as `name`; raises Refusal with what to do instead."""
    extension = os.path.splitext(name.strip().casefold())[1]
    kind = _BY_EXTENSION.get(extension)
    if kind is None:
        instead = _SAVE_AS.get(extension)
        advice = f"Lưu lại thành {instead} rồi tải lên." if instead else TAKEN
        raise Refusal(f"Không nhận tệp {extension or 'không có đuôi'}. {advice}", "extension")
    with open(path, "rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip():
        raise Refusal("Tệp trống. Kiểm tra lại tệp trên máy.", "empty")
    _check_content(kind, path, head)
    return kind


def _check_content(kind: Kind, path: str | Path, head: bytes) -> None:
    if kind in _MAIN_PART:
        _check_archive(kind, path, head)
    elif kind is Kind.CSV:
        _check_text(path, head)
    elif not head.startswith(_STARTS[kind]):
        raise Refusal(f"Tên tệp là .{kind} nhưng nội dung không phải. {_saved_as(kind)}", "content")


def _saved_as(kind: Kind) -> str:
    return f"Mở tệp bằng chương trình của nó, lưu lại thành .{kind} rồi tải lên."


def _check_archive(kind: Kind, path: str | Path, head: bytes) -> None:
    if head.startswith(_OLE):
        said = "là tệp Office cũ hoặc có đặt mật khẩu"
        raise Refusal(f"Tệp {said}. Bỏ mật khẩu, lưu lại thành .{kind} rồi tải lên.", "old_office")
    if not head.startswith(_ARCHIVE):
        raise Refusal(f"Tên tệp là .{kind} nhưng nội dung không phải. {_saved_as(kind)}", "content")
    from files import child  # only the parent loads it

    child.call("files.kinds:check_office", path, kind, seconds=_READING_SECONDS)


def check_office(path: str, kind: str) -> bool:
    """In the child: a harmless archive whose main part is the one of `kind`."""
    names = zips.check(path)
    if "[Content_Types].xml" not in names:
        raise Refusal(f"Tên tệp là .{kind} nhưng nội dung không phải. {_saved_as(Kind(kind))}", "content")
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refusal(zips.MACRO, "macro")
    if _MAIN_PART[Kind(kind)] not in types:
        raise Refusal(f"Tên tệp là .{kind} nhưng nội dung không phải. {_saved_as(Kind(kind))}", "content")
    return True


def _check_text(path: str | Path, head: bytes) -> None:
    """Text and nothing but: UTF-8 as every program of today writes it, no markup, no other file under a new name."""
    if head.startswith((_ARCHIVE, _OLE, *_STARTS.values())) or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise Refusal("Tên tệp là .csv nhưng nội dung không phải. Lưu lại thành .xlsx rồi tải lên.", "content")
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            while part := stream.read(1024 * 1024):
                if "\0" in part:
                    raise Refusal("Tệp CSV hỏng. Lưu lại thành .xlsx rồi tải lên.", "content")
    except UnicodeDecodeError:
        raise Refusal(
            "Tệp CSV không phải UTF-8. Lưu lại thành “CSV UTF-8” hoặc .xlsx rồi tải lên.", "encoding"
        ) from None

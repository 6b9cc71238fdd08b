"""What a file is, told by its ending and by its content alike: what is neither known nor honest is refused."""

import os
from enum import StrEnum
from pathlib import Path, PurePath

from files import Refusal, child

LARGEST = 10 << 20
_HEAD, _TAIL = 4096, 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<?xml", b"<!doctype", b"<html", b"<svg", b"<table", b"<")
_SEEN_WHOLE = 1 << 20


class Kind(StrEnum):
    """The kinds that are taken; the value is the ending."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"

    @property
    def mime(self) -> str:
        return _MIME[self]

    @property
    def is_image(self) -> bool:
        return self in (Kind.JPEG, Kind.PNG)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MIME = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.DOCX: f"{_OFFICE}.wordprocessingml.document",
}
_ENDINGS = {f".{kind}": kind for kind in Kind} | {".jpeg": Kind.JPEG}
_SAVE_AS_XLSX = "Mở bằng Excel, lưu lại thành .xlsx rồi tải lên."
_ADVICE = {
    ".xls": f"Tệp .xls đời cũ không nhận. {_SAVE_AS_XLSX}",
    ".xlsm": "Tệp .xlsm có thể chứa macro nên không nhận. Lưu lại thành .xlsx rồi tải lên.",
    ".xlsb": f"Tệp .xlsb không nhận. {_SAVE_AS_XLSX}",
    ".xltx": f"Tệp mẫu .xltx không nhận. {_SAVE_AS_XLSX}",
    ".ods": "Tệp .ods không nhận. Lưu lại thành .xlsx rồi tải lên.",
    ".tsv": "Tệp .tsv không nhận. Lưu lại thành .xlsx hoặc .csv rồi tải lên.",
    ".txt": "Tệp .txt không nhận. Lưu lại thành .xlsx hoặc .csv rồi tải lên.",
    ".doc": "Tệp .doc đời cũ không nhận. Mở bằng Word, lưu lại thành .docx rồi tải lên.",
    ".docm": "Tệp .docm có thể chứa macro nên không nhận. Lưu lại thành .docx rồi tải lên.",
    ".odt": "Tệp .odt không nhận. Lưu lại thành .docx rồi tải lên.",
    ".heic": "Ảnh .heic không nhận. Lưu lại thành .jpg rồi tải lên.",
    ".webp": "Ảnh .webp không nhận. Lưu lại thành .jpg rồi tải lên.",
    ".zip": "Tệp nén không nhận. Giải nén rồi tải lên từng tệp.",
    ".rar": "Tệp nén không nhận. Giải nén rồi tải lên từng tệp.",
}
_TAKEN = "Chỉ nhận PDF, JPG, PNG, XLSX, CSV, DOCX."
# The entry that makes an archive what it is.
_HEARTS = {"xl/workbook.xml": Kind.XLSX, "word/document.xml": Kind.DOCX}


def kind_of(path: str | os.PathLike[str], name: str) -> Kind:
    """The kind of the stored file that its sender called `name`. Raises Refusal with what to do instead."""
    where = Path(path)
    _check_size(where.stat().st_size)
    promised = _promised(name)
    found = _found(where)
    if found is None and promised is Kind.CSV:
        raise Refusal(
            "Tệp CSV không theo mã UTF-8. Trong Excel chọn kiểu lưu “CSV UTF-8” rồi tải lên.", code="encoding"
        )
    if found is None:
        raise Refusal(
            f"Nội dung tệp không phải {promised.name}. Lưu lại đúng loại rồi tải lên.", code="unknown_content"
        )
    if found is not promised:
        raise Refusal(
            f"Tệp mang đuôi {PurePath(name).suffix} nhưng nội dung là {found.name}. Đặt lại đuôi hoặc chọn tệp khác.",
            code="wrong_ending",
        )
    return found


def _check_size(size: int) -> None:
    if not size:
        raise Refusal("Tệp rỗng. Chọn tệp khác.", code="empty")
    if size > LARGEST:
        raise Refusal(f"Tệp lớn hơn {LARGEST >> 20} MB. Giảm dung lượng hoặc chia nhỏ rồi tải lên.", code="too_large")


def _promised(name: str) -> Kind:
    """The kind that the ending stands for."""
    ending = PurePath(name.strip()).suffix.casefold()
    if kind := _ENDINGS.get(ending):
        return kind
    said = _ADVICE.get(ending) or f"Không nhận tệp {ending or 'không có đuôi'}. {_TAKEN}"
    raise Refusal(said, code="unknown_ending")


def _found(path: Path) -> Kind | None:
    """The kind that the bytes show; Refusal for what is known to be harmful or cut off."""
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return _whole_pdf(path)
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if head.startswith(_OLE):
        _refuse_old_office(path)
    return _text(path)


def _whole_pdf(path: Path) -> Kind:
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - _TAIL))
        if b"%%EOF" not in opened.read():
            raise Refusal("Tệp PDF bị cắt cụt. Tải lên lại tệp đầy đủ.", code="damaged")
    return Kind.PDF


def _office(path: Path) -> Kind:
    """XLSX or DOCX, by the entry at the heart of the archive, after every entry was found harmless."""
    names = child.call("files.zips:check", path, seconds=5)
    kinds = {kind for heart, kind in _HEARTS.items() if heart in names}
    if "xl/workbook.bin" in names:
        raise Refusal(_ADVICE[".xlsb"], code="unknown_content")
    if "content.xml" in names:
        raise Refusal(_ADVICE[".ods"], code="unknown_content")
    if len(kinds) != 1 or "[Content_Types].xml" not in names:
        raise Refusal(f"Không nhận tệp nén này. {_TAKEN}", code="unknown_content")
    return kinds.pop()


def _refuse_old_office(path: Path) -> None:
    """The container of old Office files, and of new ones under a password."""
    if _ENCRYPTED in path.read_bytes()[:_SEEN_WHOLE]:
        raise Refusal("Tệp đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên.", code="encrypted")
    raise Refusal(f"Tệp Office đời cũ không nhận. {_SAVE_AS_XLSX}", code="unknown_content")


def _text(path: Path) -> Kind | None:
    """CSV is plain UTF-8 text that is no markup; None for bytes of another kind."""
    content = path.read_bytes()
    bare = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:100].lower()
    if bare.startswith(_MARKUP):
        raise Refusal(f"Tệp HTML, XML, SVG không nhận. {_TAKEN}", code="markup")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if b"\0" in content else Kind.CSV

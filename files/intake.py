"""From a received file to one that may be kept: its kind is proven, pictures are drawn anew."""

import base64
import re
import threading
from pathlib import Path

from files import Refusal, child, storage
from files.kinds import LARGEST, Kind, kind_of
from files.storage import Incoming

# A picture takes its pixels twice (once upright) and its new file.
_MEMORY, _SECONDS = 512 << 20, 20
# So many pictures at a time in one process; further ones wait their turn.
_TURNS = threading.BoundedSemaphore(2)
_LIMITS = {
    "too_heavy": "Ảnh quá lớn, không mở được. Giảm kích thước ảnh rồi tải lên.",
    "too_slow": "Ảnh mất quá nhiều thời gian để mở. Giảm kích thước ảnh rồi tải lên.",
    "unreadable": "Ảnh bị hỏng hoặc bị cắt cụt. Chụp hoặc lưu lại ảnh rồi tải lên.",
}
_LOCKED_PDF = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")


def examined(incoming: Incoming, name: str, *, megapixels: int) -> tuple[Kind, Incoming]:
    """The kind of the file that its sender called `name`, and what to keep of it. Raises Refusal.

    A picture becomes a new incoming file; the old one is the caller's to discard.
    """
    kind = kind_of(incoming.path, name)
    if kind is Kind.PDF and _LOCKED_PDF.search(incoming.path.read_bytes()):
        raise Refusal("Tệp PDF đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên.", code="encrypted")
    return kind, _drawn_anew(incoming.path, kind, megapixels) if kind.is_image else incoming


def _drawn_anew(path: Path, kind: Kind, megapixels: int) -> Incoming:
    try:
        with _TURNS:
            drawn = child.call("files.images:cleaned", path, kind.value, megapixels, seconds=_SECONDS, memory=_MEMORY)
    except Refusal as refusal:
        raise Refusal(_LIMITS.get(refusal.code, refusal.message), code=refusal.code) from refusal
    return storage.write(base64.b64decode(drawn), largest=2 * LARGEST)

"""Photographs written anew from their points alone: no place, no camera, nothing hidden behind. For the child."""

import io
import os
from base64 import b64encode

from PIL import Image, ImageOps

from files import Refusal

MOST_POINTS = 40_000_000
# Tried in this order until the picture is no larger than what was sent.
_QUALITIES = (88, 75, 60)
_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",)}
_TOO_LARGE = "Ảnh có {} triệu điểm ảnh, nhiều nhất 40 triệu. Giảm cỡ ảnh rồi gửi lại."
_UNREADABLE = "Không đọc được ảnh: tệp hỏng hoặc bị cắt. Mở thử rồi gửi lại."


def anew(path: str, kind: str) -> str:
    """The picture, upright, as a new file in base64. Raises Refusal: too many points, or not to be read."""
    try:
        with Image.open(path, formats=_FORMATS[kind]) as picture:
            if (points := picture.width * picture.height) > MOST_POINTS:
                raise Refusal(_TOO_LARGE.format(points // 10**6), "points")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as fault:
        raise Refusal(_UNREADABLE, "broken") from fault
    return b64encode(_written(upright, kind, os.path.getsize(path))).decode()


def _written(picture: Image.Image, kind: str, sent_bytes: int) -> bytes:
    # Everything that is not a point (EXIF with the place, comments, profiles) stands in `info`.
    transparency = picture.info.get("transparency") if kind == "png" else None
    picture.info = {} if transparency is None else {"transparency": transparency}
    if kind == "png":
        return _saved(picture, "PNG")
    flat = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    for quality in _QUALITIES:
        written = _saved(flat, "JPEG", quality=quality)
        if len(written) <= sent_bytes:
            break
    return written


def _saved(picture: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()

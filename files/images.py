"""Photographs are drawn anew: what a camera wrote beside the picture (the place above all) is not kept.

`cleaned` runs in a child (files.child): it opens what a stranger sent.
"""

import base64
import io
import os

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin

from files import Refusal

# Phones write JPEG with a second picture inside and call it MPO.
_FORMATS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",)}
_READERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin)  # loaded before the child's limits close
_SAVED_AS = {"jpg": ("JPEG", {"quality": 88}), "png": ("PNG", {"compress_level": 4})}
_PLAIN = {"jpg": ("L", "RGB"), "png": ("L", "LA", "RGB", "RGBA")}
DAMAGED = "Ảnh bị hỏng hoặc bị cắt cụt. Chụp hoặc lưu lại ảnh rồi tải lên."


def cleaned(path: str | os.PathLike[str], kind: str, megapixels: int) -> str:
    """The picture alone, upright, in base64: nothing of the file but its pixels. Refusal for what is no picture."""
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            _check_extent(image, megapixels)
            image.load()
            upright = ImageOps.exif_transpose(image)
    except Refusal:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refusal(DAMAGED, code="damaged") from None
    return base64.b64encode(_drawn(_plain(upright, kind), kind)).decode()


def _check_extent(image: Image.Image, megapixels: int) -> None:
    """From the head of the file: not a pixel was unpacked yet."""
    if image.width * image.height > megapixels * 1_000_000:
        raise Refusal(
            f"Ảnh lớn hơn {megapixels} triệu điểm ảnh. Giảm kích thước ảnh rồi tải lên.", code="too_many_pixels"
        )


def _plain(image: Image.Image, kind: str) -> Image.Image:
    """In colours that the kind can hold; no palette, no print colours."""
    if image.mode in _PLAIN[kind]:
        return image
    return image.convert("RGBA" if kind == "png" and image.has_transparency_data else "RGB")


def _drawn(image: Image.Image, kind: str) -> bytes:
    """The pixels in a new file; comments, profiles and text of the old one would travel in `info`."""
    image.info = {}
    name, options = _SAVED_AS[kind]
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()

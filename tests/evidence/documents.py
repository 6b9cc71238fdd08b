"""Small true files of every kind that is taken, and some that are not."""

import io

from PIL import Image

from tests.files.corpus import WORD_MAIN, workbook

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LOCKED_PDF = PDF.replace(b"trailer<<", b"trailer<</Encrypt 5 0 R ")
XLSX, DOCX = workbook(), workbook(main=WORD_MAIN)
_LATITUDE, _ORIENTATION, _GPS = 2, 274, 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options) -> bytes:
    """A picture with its left half red."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: lying on its side, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[271] = "TelephoneMaker"
    exif.get_ifd(_GPS)[1] = "N"
    exif.get_ifd(_GPS)[_LATITUDE] = (18.0, 11.0, 30.0)
    return picture(exif=exif, comment=b"taken at home", quality=95)


def png_of_many_points(width: int, height: int) -> bytes:
    """A PNG that is small on the disk and large in memory."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()

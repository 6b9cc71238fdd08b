"""The desk's round, uploads into a folder of the test, and files as people send them."""

import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.desk.conftest import communes_of, office

__all__ = ["communes_of", "office"]

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf(name: str = "bien-ban.pdf", more: bytes = b"") -> SimpleUploadedFile:
    """A small PDF; `more` makes its content another one."""
    return SimpleUploadedFile(name, PDF.replace(b"Catalog", b"Catalog" + more))


def photograph(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture as a phone takes it: turned, with the place and a remark written beside the pixels."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "GHI-CHU-CUA-MAY"
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 10.0, 5.0), 3: "E", 4: (105.0, 42.0, 1.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({"comment": b"GHI-CHU-CUA-MAY"} if kind == "JPEG" else {}))
    return out.getvalue()


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    """Where this test's files lie."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def files_in(uploads):
    """`files_in("kept")`: every file there."""

    def listed(folder: str) -> list[Path]:
        return sorted(path for path in (uploads / folder).rglob("*") if path.is_file())

    return listed


@pytest.fixture
def send():
    """`send(client, reading, file, …)`: a browser posts files as evidence of a value."""

    def post(client, reading, *files, **more):
        address = reverse("criteria:evidence-attach", args=[reading.pk])
        return client.post(address, {"files": list(files), "whole": "1"}, **more)

    return post


@pytest.fixture
def reading(office):
    """Nội dung 10.1 of Hà Linh: not entered yet."""
    return office.reading("10.1")


@pytest.fixture
def officer_client(client_of, district_officer):
    """The browser of the officer who enters for Hương Khê."""
    return client_of(district_officer)


def text_of(response) -> str:
    return response.content.decode()


def without_token(response) -> str:
    """The page without the token of its form to sign out, which is another one every time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(response))

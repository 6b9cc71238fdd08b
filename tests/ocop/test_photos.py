"""The photograph of a product: written anew, served to everybody, refused in place."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from criteria.stored_files import collect, faults
from ocop.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def picture() -> bytes:
    """A small photograph that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "18.34,105.90 nhà ông Thử"
    Image.new("RGB", (60, 40), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def send(client_of, product):
    def post(user, content: bytes, name: str = "anh.jpg", **more):
        file = io.BytesIO(content)
        file.name = name
        address = reverse("ocop:photo-set", args=[product.code])
        return client_of(user).post(address, {"photo": file, "end": "het", **more})

    return post


def test_a_photograph_is_shown_to_everybody_without_what_it_hid(send, visitor, product, commune_officer):
    assert send(commune_officer, picture()).status_code == 303
    shown = visitor.get(reverse("ocop:photo", args=[product.code]))
    content = b"".join(shown.streaming_content)
    assert shown["Content-Type"] == "image/jpeg"
    assert "nhà ông Thử".encode() not in content
    assert Image.open(io.BytesIO(content)).size == (60, 40)
    page = visitor.get(reverse("ocop:product", args=[product.code])).content.decode()
    assert f'alt="Ảnh sản phẩm {product.name}"' in page


def test_the_store_keeps_the_photograph_and_finds_it_whole(send, product, commune_officer):
    send(commune_officer, picture())
    assert (collect(), list(faults())) == (0, [])


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "anh.jpg"), (b"not a picture", "anh.jpg"), (b"%PDF-1.4\n%%EOF\n", "anh.pdf")]
)
def test_what_is_no_photograph_is_refused_in_place(send, product, commune_officer, content, name):
    answer = send(commune_officer, content, name)
    assert answer.status_code == 422
    assert 'id="photo_error"' in answer.content.decode()
    assert Product.objects.get(pk=product.pk).photo is None


def test_a_form_that_was_cut_is_told(send, product, commune_officer):
    assert send(commune_officer, picture(), end="").status_code == 400


def test_a_product_without_a_photograph_has_none(visitor, product):
    assert visitor.get(reverse("ocop:photo", args=[product.code])).status_code == 404


def test_another_district_changes_no_photograph(send, product, other_district_officer):
    assert send(other_district_officer, picture()).status_code == 404
    assert Product.objects.get(pk=product.pk).photo is None

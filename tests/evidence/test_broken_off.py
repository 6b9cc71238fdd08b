"""Uploads that break off and disks that fill: nothing half is kept, and it is said."""

import errno
import io
from pathlib import Path

import pytest
from django.db import OperationalError
from django.urls import reverse

from criteria import stored_files
from criteria.actions import evidence, taking
from criteria.models import Evidence, StoredFile
from files import storage
from tests.evidence.conftest import stored
from tests.evidence.documents import PDF

BOUNDARY = "----ranh"


def body_of(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'.encode()
    last = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="end"\r\n\r\nhet\r\n--{BOUNDARY}--\r\n'.encode()
    return head + content + last


class Cut(io.BytesIO):
    """A connection that breaks off after its bytes."""

    def read(self, size=-1):
        if part := super().read(size):
            return part
        raise ConnectionResetError(errno.ECONNRESET, "gone")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("breaks_off", [True, False])
def test_an_upload_that_is_cut_leaves_no_row_and_no_file(office, client_of, district_officer, store, share, breaks_off):
    whole = body_of(PDF + bytes(300_000) + b"%%EOF")
    part = whole[: int(len(whole) * share)]
    address = reverse("criteria:evidence-attach", args=[office.reading("17.1").pk])
    extra = {"wsgi.input": Cut(part), "CONTENT_LENGTH": str(len(whole))} if breaks_off else {}
    answer = client_of(district_officer).generic(
        "POST", address, part, content_type=f"multipart/form-data; boundary={BOUNDARY}", **extra
    )
    assert answer.status_code == 400
    assert "Tệp chưa tới đủ, chưa lưu. Gửi lại." in answer.content.decode()
    assert (Evidence.objects.count(), stored(store)) == (0, [])


@pytest.mark.parametrize("size", [100, 300_000])
def test_a_full_disk_is_said_and_leaves_nothing(office, post, client_of, district_officer, store, monkeypatch, size):
    real = Path.open

    def full(path, mode="r", *args, **kwargs):
        return open("/dev/full", "wb") if path.suffix == ".part" and mode == "xb" else real(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    answer = post(client_of(district_officer), office.reading("17.1"), ("a.pdf", PDF + bytes(size)))
    assert answer.status_code == 507
    assert "Máy chủ hết chỗ lưu" in answer.content.decode()
    assert (Evidence.objects.count(), stored(store)) == (0, [])


def test_a_disk_that_is_full_when_the_file_is_kept_leaves_nothing(office, attach, district_officer, store, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(storage, "keep", full)
    with pytest.raises(taking.NoSpace):
        attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    assert (Evidence.objects.count(), stored(store)) == (0, [])


@pytest.mark.parametrize("moment", ["opening", "nearly full"])
def test_a_disk_too_full_to_begin_with_is_said_too(
    office, post, client_of, district_officer, store, monkeypatch, settings, moment
):
    """The database may share the disk: uploads end while it can still write."""
    real = Path.open

    def full(path, mode="r", *args, **kwargs):
        if path.suffix == ".part":
            raise OSError(errno.ENOSPC, "full")
        return real(path, mode, *args, **kwargs)

    if moment == "opening":
        monkeypatch.setattr(Path, "open", full)
    else:
        settings.UPLOADS_SPARE_BYTES = 1 << 60
    answer = post(client_of(district_officer), office.reading("17.1"), ("a.pdf", PDF), ("b.pdf", PDF + b"2"))
    assert answer.status_code == 507
    assert "Máy chủ hết chỗ lưu" in answer.content.decode()
    assert (Evidence.objects.count(), stored(store)) == (0, [])


def test_a_file_stays_where_nobody_knows_whether_its_rows_were_committed(office, attach, district_officer, monkeypatch):
    """The link to the database may break after the commit and before its answer."""
    written = evidence._written

    def written_and_cut(*args):
        written(*args)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(evidence, "_written", written_and_cut)
    with pytest.raises(OperationalError):
        attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    assert StoredFile.objects.count() == 1
    assert list(stored_files.faults()) == []

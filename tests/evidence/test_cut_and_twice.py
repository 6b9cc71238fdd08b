"""Uploads that break off, and uploads at the same time, against a server that really listens."""

import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from accounts.errors import Refused
from criteria.actions import evidence as act
from criteria.models import Evidence, StoredFile
from files import storage
from files.uploads import Received
from tests.evidence.conftest import PDF

BOUNDARY = "ranh-gioi-cua-phan"
CONTENT = PDF + b"\0" * 400_000 + b"\n%%EOF\n"


def body_of(token: str, content: bytes = CONTENT) -> bytes:
    """What a browser sends for one file."""
    parts = [("csrfmiddlewaretoken", "", token.encode()), ("files", '; filename="to-trinh.pdf"', content),
             ("whole", "", b"1")]  # fmt: skip
    told = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"
        for name, more, value in parts
    )
    return told + f"--{BOUNDARY}--\r\n".encode()


def head_of(client, address: str, length: int) -> bytes:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return (
        f"POST {address} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: {length}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nConnection: close\r\n\r\n"
    ).encode()


@pytest.fixture
def sending(live_server, reading, officer_client):
    """`sending(share)`: the answer to an upload of which only that share is sent before the socket is closed."""
    officer_client.get(reverse("criteria:panel", args=[reading.pk]))
    whole = body_of(officer_client.cookies["csrftoken"].value)
    head = head_of(officer_client, reverse("criteria:evidence-attach", args=[reading.pk]), len(whole))
    where = urlsplit(live_server.url)

    def send(share: float) -> bytes:
        with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
            connection.sendall(head + whole[: int(len(whole) * share)])
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").read()

    return send


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_an_upload_that_breaks_off_leaves_no_row_and_no_file(sending, files_in, share):
    answer = sending(share)
    assert b" 303 " not in answer[:40]
    assert not StoredFile.objects.exists()
    deadline = time.monotonic() + 5
    while files_in("incoming") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert files_in("incoming") == files_in("kept") == []


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_sent_whole_is_kept(sending, files_in):
    assert b" 303 " in sending(1)[:40]
    assert files_in("kept")[0].read_bytes() == CONTENT


def test_a_form_without_its_end_counts_for_nothing(reading, officer_client, files_in):
    """Some servers hand over a request that was cut between two of its fields."""
    address = reverse("criteria:evidence-attach", args=[reading.pk])
    answer = officer_client.post(address, {"files": [SimpleUploadedFile("a.pdf", PDF)]})
    assert answer.status_code == 400
    assert "bị ngắt giữa chừng" in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert files_in("incoming") == files_in("kept") == []


def at_once(count: int, act_of) -> list:
    """What `act_of(number)` gives or raises, run by so many threads at the same moment."""
    told, gate = [], threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            told.append(act_of(number))
        except Refused as refused:
            told.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def received(content: bytes) -> Received:
    incoming = storage.write(content, largest=1 << 20)
    return Received("to-trinh.pdf", incoming.size, incoming, None)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_four_times_at_once_stands_there_once(reading, district_officer, files_in):
    def attach(number):
        return act.attach(reading_id=reading.pk, received=received(PDF), by=district_officer).pk

    told = at_once(4, attach)
    assert len(set(told)) == 1
    assert Evidence.objects.count() == StoredFile.objects.count() == len(files_in("kept")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_quota_holds_against_uploads_at_once_beside_different_values(office, district_officer, monkeypatch, files_in):
    rows = [office.reading(code).pk for code in ("2.1", "10.1", "11.1", "17.1")]
    known = act.limits()
    monkeypatch.setattr(act, "limits", lambda: type(known)(known.kinds, known.per_value, 2 * len(PDF) + 9, 40))

    def attach(number):
        content = PDF.replace(b"Catalog", b"Catalog%d" % number)
        act.attach(reading_id=rows[number], received=received(content), by=district_officer)
        return "kept"

    assert sorted(at_once(4, attach)) == ["kept", "kept", "quota", "quota"]
    assert StoredFile.objects.count() == len(files_in("kept")) == 2

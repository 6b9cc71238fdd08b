"""Where a webhook may go: nowhere inside, whatever the address looks like and however its name is resolved."""

import socket
import threading

import pytest

from exchange import sending

INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    "ff02::1", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["203.113.131.1", "8.8.8.8", "2405:4800::1"]


@pytest.fixture
def resolving(monkeypatch):
    """`resolving("1.2.3.4", …)`: every name has these addresses; which one was connected to."""
    connected: list[tuple] = []

    def to(*addresses: str):
        asked: list[str] = []

        def found(host, port, **_):
            asked.append(host)
            kind = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
            return [
                (family, socket.SOCK_STREAM, 6, "", (each, port)) for family, each in zip(kind, addresses, strict=True)
            ]

        def connect(address, timeout):
            connected.append(address)
            raise ConnectionRefusedError(111, "refused")

        monkeypatch.setattr(socket, "getaddrinfo", found)
        monkeypatch.setattr(socket, "create_connection", connect)
        return asked, connected

    return to


@pytest.mark.parametrize("inside", INSIDE)
def test_a_name_that_leads_inside_is_not_followed(resolving, inside):
    _, connected = resolving(inside)
    outcome = sending.post("https://bo.gov.vn/nhan", b"{}", {})
    assert (outcome.status, connected) == (None, [])
    assert "mạng nội bộ" in outcome.said


@pytest.mark.parametrize("outside", OUTSIDE)
def test_a_name_that_leads_outside_is_resolved_once_and_the_checked_address_is_connected_to(resolving, outside):
    asked, connected = resolving(outside)
    assert sending.post("https://bo.gov.vn:8443/nhan", b"{}", {}).status is None
    assert (asked, connected) == (["bo.gov.vn"], [(outside, 8443)])


def test_one_address_inside_among_others_is_enough_to_refuse(resolving):
    _, connected = resolving("8.8.8.8", "10.0.0.1")
    assert "mạng nội bộ" in sending.post("https://bo.gov.vn/", b"{}", {}).said
    assert connected == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/",
        "ftp://bo.gov.vn/", "file:///etc/passwd", "gopher://bo.gov.vn/", "//bo.gov.vn/", "bo.gov.vn", "", "https://",
        "https://user:pw@bo.gov.vn/", "https://bo.gov.vn@10.0.0.1/", "https://bo.gov.vn/#x", "https://bo.gov.vn:0/",
        "https://bo.gov.vn:99999/", "https://[bo.gov.vn/", "https://bo.gov.vn/a b", "https://bo.gov.vn/\r\nX: y",
        "https://bộ.gov.vn/",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_right_is_refused_when_it_is_typed(address):
    assert sending.fault_of(address)


@pytest.mark.parametrize(
    "address", ["http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://localhost/"]
)
def test_other_spellings_of_this_machine_are_refused_when_sent(address):
    outcome = sending.post(address, b"{}", {})
    assert outcome.status is None
    assert "mạng nội bộ" in outcome.said or "tên miền" in outcome.said


def test_a_server_sends_over_https_only(settings):
    assert sending.fault_of("http://bo.gov.vn/") == ""
    settings.WEBHOOK_HTTPS_ONLY = True
    assert "https" in sending.fault_of("http://bo.gov.vn/")
    assert sending.fault_of("https://bo.gov.vn/") == ""


def test_what_the_setting_names_may_be_inside_but_never_link_local(settings, resolving):
    settings.WEBHOOK_PRIVATE_HOSTS = ["lgsp.hatinh.gov.vn", "10.20.0.0/16"]
    for name, where, is_tried in [
        ("lgsp.hatinh.gov.vn", "192.168.5.5", True),
        ("khac.hatinh.gov.vn", "192.168.5.5", False),
        ("khac.hatinh.gov.vn", "10.20.3.4", True),
        ("khac.hatinh.gov.vn", "10.21.3.4", False),
        ("lgsp.hatinh.gov.vn", "169.254.169.254", False),
    ]:
        _, connected = resolving(where)
        connected.clear()
        sending.post(f"https://{name}/", b"{}", {})
        assert bool(connected) == is_tried, (name, where)


class Odd(threading.Thread):
    """A server that says `answer` drop by drop, or nothing at all."""

    def __init__(self, answer: bytes, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.answer, self.over = answer, threading.Event()
        self.pause = pause
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}/"
        self.start()

    def run(self) -> None:
        connection, _ = self.listening.accept()
        with connection:
            connection.recv(65536)
            try:
                for start in range(0, len(self.answer), 64 if not self.pause else 1):
                    connection.sendall(self.answer[start : start + (64 if not self.pause else 1)])
                    if self.over.wait(self.pause):
                        return
                self.over.wait(5)
            except OSError:
                return

    def close(self) -> None:
        self.over.set()
        self.join(5)
        self.listening.close()


@pytest.mark.parametrize(
    ("answer", "pause", "said"),
    [
        (b"", 0.0, "không trả lời trong"),
        (b"HTTP/1.1 200 OK"[:10], 0.05, "không trả lời trong"),
        (b"220 mail.example ESMTP\r\n", 0.0, "không trả lời theo HTTP"),
        (b"x" * 100_000, 0.0, "không trả lời theo HTTP"),
    ],
)
def test_whatever_answers_oddly_is_left_in_time(settings, monkeypatch, answer, pause, said):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.0/8"]
    monkeypatch.setattr(sending, "SECONDS", 0.4)
    odd = Odd(answer, pause)
    outcome = sending.post(odd.address, b"{}", {})
    odd.close()
    assert outcome.status is None
    assert said in outcome.said
    assert outcome.took_ms < 3000


def test_an_endless_answer_is_not_read(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.0/8"]
    odd = Odd(b"HTTP/1.1 200 OK\r\n" + b"x" * 10_000_000)
    outcome = sending.post(odd.address, b"{}", {})
    odd.close()
    assert outcome.status == 200

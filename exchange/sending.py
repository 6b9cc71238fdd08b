"""One POST to an address that somebody typed: only to the outside, and nothing of the answer but its status.

A name is resolved once, every address that it has is checked, and the connection goes to the checked address: a name
that points elsewhere a moment later gains nothing. Redirects are not followed. The whole takes ten seconds at most.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 10.0
_ANSWER_BYTES = 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_PLAIN = re.compile(r"[!-~]+")
# Addresses of IPv6 that stand for one of IPv4 behind a translator.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotSent(Exception):
    """Why nothing was sent or answered, in words."""


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; no status where nobody answered."""

    status: int | None
    said: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def fault_of(address: str) -> str:
    """What is wrong with an address as typed, in words; empty if it may be tried."""
    try:
        parts = _parts(address)
        if (literal := _literal(parts.hostname or "")) is not None:
            _refuse_inside(parts.hostname or "", literal)
    except NotSent as fault:
        return str(fault)
    return ""


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send the body; never raises."""
    began = time.monotonic()
    try:
        status, said = _exchange(address, body, headers, until=began + SECONDS), ""
        if 300 <= status < 400:
            said = "Nơi nhận chuyển hướng; địa chỉ mới phải được khai trực tiếp."
    except NotSent as fault:
        status, said = None, str(fault)
    except TimeoutError:
        status, said = None, f"Nơi nhận không trả lời trong {SECONDS:.0f} giây."
    except ssl.SSLError as fault:
        status, said = None, f"Không lập được kết nối TLS: {fault.reason or 'lỗi chứng thư'}."
    except OSError as fault:
        status, said = None, f"Không kết nối được: {fault.strerror or type(fault).__name__}."
    return Outcome(status, said[:200], round((time.monotonic() - began) * 1000))


def _exchange(address: str, body: bytes, headers: Mapping[str, str], *, until: float) -> int:
    parts = _parts(address)
    host, port = parts.hostname or "", parts.port or {"https": 443, "http": 80}[parts.scheme]
    with socket.create_connection((str(_checked(host, port)), port), timeout=_left(until)) as plain:
        connection = _secured(plain, host) if parts.scheme == "https" else plain
        with connection:
            connection.settimeout(_left(until))
            connection.sendall(_request(parts, body, headers))
            return _status(connection, until)


def _parts(address: str) -> SplitResult:
    """The address taken apart; NotSent where it is none that may be tried."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotSent("Địa chỉ không đọc được.") from None
    if not _PLAIN.fullmatch(address) or parts.scheme not in ("https", "http") or not parts.hostname:
        raise NotSent("Địa chỉ phải có dạng https://tên-miền/đường-dẫn, viết bằng chữ không dấu.")
    if settings.WEBHOOK_HTTPS_ONLY and parts.scheme != "https":
        raise NotSent("Chỉ gửi tới địa chỉ https.")
    if "@" in parts.netloc or parts.fragment or port == 0:
        raise NotSent("Địa chỉ không được chứa tên đăng nhập, mật khẩu hay dấu #.")
    return parts


def _checked(host: str, port: int) -> Address:
    """The address to connect to: every address of the name may be reached, and this is the first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("Không tìm thấy tên miền của nơi nhận.") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for each in addresses:
        _refuse_inside(host, each)
    return addresses[0]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refuse_inside(host: str, address: Address) -> None:
    """NotSent where the address is not of the open internet and nobody allowed it."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if not _is_public(inner) and not _is_allowed(host, inner):
        raise NotSent("Địa chỉ thuộc mạng nội bộ, không được gửi tới.")


def _is_public(address: Address) -> bool:
    is_translated = any(address in network for network in _TRANSLATED if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_translated


def _is_allowed(host: str, address: Address) -> bool:
    """Whether WEBHOOK_PRIVATE_HOSTS names the host, or a network that the address is of; never link-local ones."""
    if address.is_link_local or address.is_unspecified or address.is_multicast:
        return False
    for entry in settings.WEBHOOK_PRIVATE_HOSTS:
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            if entry.lower() == host.lower():
                return True
        else:
            if network.version == address.version and address in network:
                return True
    return False


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _request(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", "User-Agent: NTM-Portal", "Connection: close"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _status(connection: socket.socket, until: float) -> int:
    """The status of the answer; the rest is not read."""
    answer = b""
    while b"\n" not in answer and len(answer) < _ANSWER_BYTES:
        connection.settimeout(_left(until))
        some = connection.recv(_ANSWER_BYTES)
        if not some:
            break
        answer += some
    found = _STATUS.match(answer)
    if found is None:
        raise NotSent("Nơi nhận không trả lời theo HTTP.")
    return int(found[1])


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

"""Guards of the unit tests: no network beyond this machine."""

import ipaddress
import socket

import pytest

_connect = socket.socket.connect


def _is_local(address) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded_connect(self, address):
    if not _is_local(address):
        raise RuntimeError(f"A test tried to reach {address}: tests reach this machine only.")
    return _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Connections to anywhere but this machine fail."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    yield
    patch.undo()

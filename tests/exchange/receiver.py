"""Another system: a real server on this machine that takes what webhooks send, or does not."""

import json
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]

    @property
    def sent(self) -> dict:
        return json.loads(self.body)

    @property
    def numbers(self) -> list[int]:
        return [change["seq"] for change in self.sent["changes"]]

    def is_signed_by(self, secret: str) -> bool:
        """As a receiver checks it, from what was shown to it and the documentation alone."""
        key = b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.event}.{self.headers['webhook-timestamp']}.".encode() + self.body
        return self.headers["webhook-signature"] == "v1," + b64encode(digest(key, signed, sha256)).decode()


class Receiver(ThreadingHTTPServer):
    """Answers with the statuses in `answers`, then with 204; while `lets_go` is not set it does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.answers: list[int] = []
        self.came, self.lets_go = threading.Event(), threading.Event()
        self.lets_go.set()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/nhan?tu=ntm"

    def handle_error(self, request, client_address):
        """Who sent has gone away: that is what some tests are about."""

    def close(self) -> None:
        self.lets_go.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(Call(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.server.came.set()
        self.server.lets_go.wait(30)
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/noi-khac")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""

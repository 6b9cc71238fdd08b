"""The embedded portal in one process and a Celery worker: sets itself up, serves, and ends whole on Ctrl-C."""

import gc
import os
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType

import waitress
from celery.beat import EmbeddedService
from django.conf import settings
from django.core.management.base import CommandError
from django.core.wsgi import get_wsgi_application

from ntm_portal import setting_up
from ntm_portal.celery import app as celery_app
from ntm_portal.children import Worker, die_with_parent

HOST = "127.0.0.1"
THREADS = 8
# Everything ends within this time after Ctrl-C, a request or a task in hand included: what they had not
# committed is rolled back, and tasks are found again by the sweep.
STOP_SECONDS = 2.5


def listen(port: int) -> socket.socket:
    """The portal's socket, taken before anything slow begins."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as taken:
        reason = f"Port {port} cannot be used ({taken.strerror})."
        raise CommandError(f"{reason} Choose another: PORT={port + 1} make run") from taken
    return listener


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not '{text}'.")
    return int(text)


def start_beat() -> None:
    """The schedule runs as a thread here: it only sends hints, and ends with this process."""
    EmbeddedService(celery_app, thread=True, schedule_filename=settings.CELERY_BEAT_SCHEDULE_FILENAME).start()


def end_on_signal(worker: Worker) -> None:
    """Ctrl-C and `kill` end the portal; a second one, or the time being up, ends it at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, lambda *_: os._exit(1))
        worker.terminate()
        timer = threading.Timer(STOP_SECONDS, os._exit, [0])
        timer.daemon = True
        timer.start()
        raise SystemExit(0)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def main() -> None:
    """Run the portal until a signal ends it; CommandError when it cannot start."""
    if settings.IS_SERVER:
        raise CommandError("This command is the embedded profile's. A server runs gunicorn: see docker-compose.yml.")
    began = time.monotonic()
    die_with_parent(signal.SIGTERM)
    port = chosen_port()
    listener = listen(port)
    data_dir = Path(settings.DATA_DIR)
    lock = setting_up.lock(data_dir)
    password = setting_up.prepare(data_dir)
    worker = Worker()
    end_on_signal(worker)
    worker.start()
    start_beat()
    server = waitress.create_server(get_wsgi_application(), sockets=[listener], threads=THREADS, ident=None)
    setting_up.greet(address=f"http://{HOST}:{port}", password=password, seconds=time.monotonic() - began)
    gc.freeze()  # as on a server: ntm_portal.wsgi
    try:
        server.run()
    finally:
        worker.end(STOP_SECONDS / 2)
        lock.close()

"""The server profile with its seed, by the compose file's own commands, and a proxy before it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.places import ROOT
from bench.programs import program
from tests.services import postgres, processes, redis
from tests.services.portals import status_of
from tests.services.servers import HOST, Server

PROXY = ROOT / "docs" / "proxy" / "nginx.conf"
_NGINX = """
{user}
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


@contextlib.contextmanager
def portal() -> Iterator[Server]:
    """Web and worker on a PostgreSQL and a Redis of their own; web knows the bench's addresses too."""
    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as scratch:
        folder = Path(scratch)
        address, database = postgres.start(folder)
        broker, cache = redis.start(folder)
        os.environ |= {"NTM_TEST_POSTGRES": address, "NTM_TEST_REDIS": broker}
        server = Server(folder / "portal")
        try:
            _prepare(server)
            yield server
        finally:
            server.stop()
            processes.stop(cache)
            postgres.stop(database)


def _prepare(server: Server) -> None:
    server.folder.mkdir(parents=True)
    server.create_database()
    collected = server.run("python manage.py collectstatic --no-input --verbosity 0")
    assert collected.returncode == 0, collected.stderr
    server.run_service("prepare")
    loaded = server.run("python manage.py load_seed --demo-accounts")
    assert loaded.returncode == 0, loaded.stderr
    renders = server.folder / "renders"
    # Nobody is turned away here: what is asked is how fast the answers are, not how many are refused (`make crowd`).
    told = {"DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_RENDERS": str(renders), "SHED_AFTER_MILLISECONDS": "0"}
    server.start_service("web", **told)
    server.start_service("worker")
    server.wait_until_ready()


@contextlib.contextmanager
def proxy(server: Server) -> Iterator[str]:
    """nginx with the portal's own configuration; its address. NotRun where nginx cannot be had."""
    nginx, port, folder = program("nginx", package="nginx-light"), processes.free_port(), server.folder / "proxy"
    static = folder / "static"
    static.mkdir(parents=True)
    shutil.copytree(server.folder / "collected" / "css", static / "css")
    given = {
        "UPSTREAM": f"127.0.0.1:{server.port}",
        "LISTEN": f"127.0.0.1:{port}",
        "CACHE": str(folder / "cache"),
        "STATIC": str(static),
    }
    text = PROXY.read_text()
    for name, value in given.items():
        text = text.replace(name, value)
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(user=user, folder=folder, server=text))
    address = f"http://{HOST}:{port}"
    log = folder / "log"
    process = processes.start([nginx, "-c", str(config)], log=log)
    try:
        processes.wait_until(lambda: status_of(f"{address}/healthz") == 200, process=process, log=log)
        yield address
    finally:
        processes.stop(process)

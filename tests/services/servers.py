"""The server profile as docker-compose.yml describes it: the file's own commands, started as processes."""

import os
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg2
import yaml

from tests.services import processes
from tests.services.plugin import postgres_address, redis_address
from tests.services.portals import ROOT, clean_environment, status_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
# Chromium takes this name for a safe origin: cookies marked Secure work over plain http.
HOST = "localhost"


class Server:
    """Web, worker and beat on a database of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = processes.free_port()
        self.database = f"ntm_server_{secrets.token_hex(4)}"
        self.running: dict[str, subprocess.Popen] = {}
        self.demo_password = secrets.token_urlsafe(12)
        address, _, _ = postgres_address().rpartition("/")
        self.environment = clean_environment(
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            NTM_PROFILE="server",
            SECRET_KEY=secrets.token_urlsafe(64),
            ALLOWED_HOSTS=f"{HOST},ntm.example.gov.vn",
            DATABASE_URL=f"{address}/{self.database}",
            REDIS_URL=redis_address(),
            DATA_DIR=str(folder),
            STATIC_ROOT=str(folder / "collected"),
            PORT=str(self.port),
            DEMO_PASSWORD=self.demo_password,
            # No proxy stands before this server, and no TLS.
            SECURE_SSL_REDIRECT="false",
            PROXY_COUNT="0",
        )

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def create_database(self) -> None:
        self._maintain(f'CREATE DATABASE "{self.database}"')

    def drop_database(self) -> None:
        self._maintain(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    @staticmethod
    def _maintain(statement: str) -> None:
        server = psycopg2.connect(postgres_address())
        server.autocommit = True
        server.cursor().execute(statement)
        server.close()

    def query(self, statement: str):
        """The rows of a statement on the server's database."""
        with psycopg2.connect(self.environment["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall()
        connection.close()
        return rows

    def run(self, command: str, **settings: str) -> subprocess.CompletedProcess:
        """Run a command to its end, as in a container of the portal's image."""
        return subprocess.run(
            shlex.split(command), cwd=ROOT, env={**self.environment, **settings}, capture_output=True, text=True
        )

    def run_service(self, name: str) -> None:
        """Run a service of the compose file that ends by itself."""
        done = self.run(COMPOSE["services"][name]["command"])
        assert done.returncode == 0, done.stdout + done.stderr

    def start_service(self, name: str, **settings: str) -> None:
        """Start a long-running service by the compose file's own command."""
        command = shlex.split(COMPOSE["services"][name]["command"])
        environment = {**self.environment, **settings}
        self.running[name] = processes.start(command, log=self.log(name), env=environment, cwd=ROOT)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_until_ready(self, *, seconds: float = 60) -> None:
        processes.wait_until(
            lambda: status_of(f"{self.address}/readyz") == 200,
            process=self.running["web"],
            log=self.log("web"),
            seconds=seconds,
        )

    def stop(self) -> None:
        for process in self.running.values():
            processes.stop(process)
